// The plugin imports what a Backstage app has; here two small modules stand in for it.
import { fileURLToPath } from "node:url";

const standIn = (name) => fileURLToPath(new URL(`stand-in/${name}.ts`, import.meta.url));

export default {
  base: "./",
  build: { outDir: "../target/backstage", emptyOutDir: true, target: "es2022" },
  resolve: {
    alias: {
      "@backstage/core-plugin-api": standIn("core-plugin-api"),
      "@backstage/plugin-catalog-react": standIn("plugin-catalog-react"),
    },
  },
};
