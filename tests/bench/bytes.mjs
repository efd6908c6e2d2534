// The bytes that a page loads: this package, and Microsoft's two clients bundled for a browser with their Node modules replaced: crypto
// by sha.js, buffer, events and readable-stream by the packages of those names. @azure packages resolve to their browser builds where
// they have one. Both by esbuild, minified, then brotli at its best. Prints `bytes brotli name` lines.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } });
const here = fileURLToPath(new URL(".", import.meta.url));

async function bundled(contents, options) {
  const result = await build({
    absWorkingDir: here,
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    write: false,
    ...options,
  });
  return result.outputFiles[0].contents;
}

const package_ = process.argv[2];
const wasm = readFileSync(`${package_}/acr_client_wasm_bg.wasm`);
const glue = await bundled(`export { default, RegistryClient, RegistryError } from "${package_}/index.js"`, {});
const peer = await bundled(`export { ContainerRegistryClient, ContainerRegistryContentClient } from "@azure/container-registry"`, {
  alias: {
    "node:buffer": "buffer/",
    "node:crypto": `${here}crypto.mjs`,
    "node:stream": "stream-browserify",
    stream: "stream-browserify",
    events: "events/",
  },
});

for (const [name, files] of [["acr-client-wasm", [wasm, glue]], ["@azure/container-registry", [peer]]]) {
  const sum = (sizes) => sizes.reduce((total, size) => total + size, 0);
  console.log(`${sum(files.map((file) => file.length))} ${sum(files.map((file) => brotli(file).length))} ${name}`);
}
