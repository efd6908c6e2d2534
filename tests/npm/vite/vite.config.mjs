// As a Vite app is by default: no plugin for WebAssembly.
export default {
  base: "./",
  build: { outDir: "../target/vite", emptyOutDir: true, target: "es2022" },
  worker: { format: "es" },
};
