// The package in toolchains that run here: a small app for each, made from one source, built if the toolchain builds, and run in Node. The
// app lists a registry that a `fetch` of its own stands in for, so none needs a server. Prints a line for each; exits with 1 if one failed.
// What makes pages, or brings a server, is in `apps/`.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const folder = `${here}target/toolchains/`;

/** The app; `load` is how it gets the package, `module` what it passes to init(). */
const app = (load, module = "") => `${load}
async function main() {
  await init(${module});
  const fetch = async (url) =>
    String(url).includes("/oauth2/") ? Response.json({ access_token: "t" }) : Response.json({ repositories: ["listed"] });
  const client = new RegistryClient({ endpoint: "http://registry.test", fetch });
  for await (const name of client.repositories.list()) console.log(name);
}
main().catch((error) => {
  console.log(error);
  process.exitCode = 1;
});
`;
const imported = `import init, { RegistryClient } from "acr-client-wasm";`;
const binary = `${imported}\nimport wasm from "acr-client-wasm/acr_client_wasm_bg.wasm";`;
const run = (program, ...args) => execFileSync(program, args, { cwd: here, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
const bin = (name) => `${here}node_modules/.bin/${name}`;
const write = (name, text) => (writeFileSync(folder + name, text), folder + name);

/** Each makes the file that Node runs. */
const toolchains = {
  "Node, import": () => write("esm.mjs", app(imported)),
  "Node, require()": () => write("require.cjs", app(`const { default: init, RegistryClient } = require("acr-client-wasm");`)),
  "Node, import() from CommonJS": () =>
    write("dynamic.cjs", app(`let init, RegistryClient;`).replace("await init(", `({ default: init, RegistryClient } = await import("acr-client-wasm"));\n  await init(`)),
  "esbuild --platform=node, ESM": () => {
    run(bin("esbuild"), write("node-esm.src.mjs", app(imported)), "--bundle", "--platform=node", "--format=esm", `--outfile=${folder}node-esm.mjs`);
    return `${folder}node-esm.mjs`;
  },
  "esbuild --platform=node, CommonJS": () => {
    run(bin("esbuild"), write("node-cjs.src.mjs", app(imported)), "--bundle", "--platform=node", "--format=cjs", `--outfile=${folder}node-cjs.cjs`);
    return `${folder}node-cjs.cjs`;
  },
  "esbuild for a browser, IIFE, loader binary": () => {
    run(bin("esbuild"), write("iife.src.mjs", app(binary, "wasm")), "--bundle", "--format=iife", "--target=es2022", "--loader:.wasm=binary", `--outfile=${folder}iife.cjs`);
    return `${folder}iife.cjs`;
  },
  "Rollup for Node": () => {
    const plugin = `import { nodeResolve } from "@rollup/plugin-node-resolve";\nexport default { plugins: [nodeResolve({ exportConditions: ["node"] })] };\n`;
    run(bin("rollup"), "--silent", "--config", write("rollup.config.mjs", plugin), write("rollup.src.mjs", app(imported)), "--format", "es", "--file", `${folder}rollup.mjs`);
    return `${folder}rollup.mjs`;
  },
  "Vue, reactive()": () =>
    write("vue.mjs", app(`${imported}\nimport { reactive, ref } from "@vue/reactivity";`).replace("const client = new RegistryClient", "const client = reactive(new RegistryClient").replace(", fetch });", ", fetch }));\n  if (ref(client).value.endpoint === undefined) throw new Error(\"a client in ref()\");")),
  "TypeScript, skipLibCheck off": () => {
    write("types.ts", readFileSync(`${here}src/contract.ts`, "utf8"));
    run(bin("tsc"), "--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--module", "es2022", "--moduleResolution", "bundler", "--lib", "es2022,dom,dom.asynciterable", "--types", "node", `${folder}types.ts`);
    return write("types.mjs", `console.log("listed");`);
  },
  publint: () => {
    run(bin("publint"), "--strict", `${here}node_modules/acr-client-wasm`);
    return write("publint.mjs", `console.log("listed");`);
  },
  "are the types wrong": () => {
    // CommonJS gets the package by import(), or by require() from Node 20.19 on.
    run(bin("attw"), "--pack", `${here}node_modules/acr-client-wasm`, "--profile", "node16", "--ignore-rules", "cjs-resolves-to-esm");
    return write("attw.mjs", `console.log("listed");`);
  },
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
let failed = false;
for (const [name, make] of Object.entries(toolchains)) {
  let result;
  try {
    result = run(process.execPath, "--no-warnings", make()).trim();
  } catch (error) {
    result = (`${error.stdout ?? ""}${error.stderr ?? ""}` || String(error)).slice(-2000);
  }
  failed ||= result !== "listed";
  console.log(`${result === "listed" ? "passed" : "FAILED"}  ${name}${result === "listed" ? "" : `\n${result}`}`);
}
process.exitCode = failed ? 1 : 0;
