// As a Vite app is by default: no plugin for WebAssembly, none for React.
export default {
  base: "./",
  build: { outDir: "../target/react", emptyOutDir: true, target: "es2022" },
};
