// What a bundler makes of an import of the WebAssembly module: its address, its bytes or the module. `init()` takes each of them.
import type { InitInput } from "./index.js";

/** The address, the bytes or the module, as the bundler is configured. */
declare const module: InitInput;
export default module;
