// What a bundler makes of an import of the WebAssembly module: its address, its bytes or the module. `init()` takes each of them.
import type { InitInput } from "./index.js";

declare const module: InitInput;
export default module;
