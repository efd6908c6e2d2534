// The entry that carries the WebAssembly module in its JavaScript, for bundlers that copy no files. It exports what the package exports.
export { default } from "./index.js";
export * from "./index.js";
