// What a bundler makes of an import of one of the package's .wasm files: its address, its bytes or the module.
/** The address, the bytes or the module, as the bundler is configured. */
declare const module: string | URL | ArrayBuffer | ArrayBufferView | object;
export default module;
