// As a webpack 5 app is by default: no loader and no experiment for WebAssembly.
import { fileURLToPath } from "node:url";

export default {
  mode: "production",
  entry: fileURLToPath(new URL("../dist/browser.js", import.meta.url)),
  output: { path: fileURLToPath(new URL("../target/webpack", import.meta.url)), filename: "main.js", clean: true },
  performance: { hints: false },
};
