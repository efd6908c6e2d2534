// The toolchains: how each builds and starts the app, with the configuration that the README says it needs and no other.
import * as frameworks from "./frameworks.mjs";
import { esm, list, page, program, site } from "./sources.mjs";

/** A version of Vite: its development server, and a build. */
const vite = (version) => async (app) => {
  app.install();
  app.write(site());
  const { build, createServer } = await import(version);
  const options = { root: app.folder, logLevel: "error", configFile: false };
  const server = await createServer({ ...options, server: { host: "127.0.0.1" } });
  await server.listen();
  await build({ ...options });
  return [new URL(server.resolvedUrls.local[0]).origin, await app.serve("dist")];
};

/** Something that bundles `main.js` for a page. */
const bundled = (files, build) => async (app) => {
  app.write({ ...site("main.js"), ...files });
  await build(app);
  app.write({ "dist/index.html": page("main.js") });
  return [await app.serve("dist")];
};

/** webpack, and what has its interface. */
const webpack = (name) => async (app) => {
  const { default: compile } = await import(name);
  const options = { mode: "production", context: app.folder, entry: "./main.js", output: { path: `${app.folder}/dist` } };
  const stats = await new Promise((resolve, reject) => compile(options, (error, built) => (error ? reject(error) : resolve(built))));
  if (stats.hasErrors()) throw new Error(stats.toString());
};

const inline = { "list.js": list("acr-client-wasm/inline") };

export const apps = {
  ...frameworks.apps,
  "vite-5": vite("vite5"),
  "vite-6": vite("vite6"),
  "vite-7": vite("vite7"),
  "vite-8": vite("vite"),
  webpack: bundled({}, webpack("webpack")),
  rspack: bundled({}, webpack("@rspack/core")),
  parcel: async (app) => {
    app.write(site("main.js"));
    await app.run(app.bin("parcel"), ["build", "index.html", "--no-cache", "--cache-dir=.cache", "--no-source-maps"]);
    return [await app.serve("dist")];
  },
  "esbuild-inline": bundled(inline, (app) => app.run(app.bin("esbuild"), ["main.js", "--bundle", "--outdir=dist"])),
  "esbuild-file": bundled(
    { "list.js": list("acr-client-wasm", "new URL(wasm, import.meta.url)", 'import wasm from "acr-client-wasm/acr_client_wasm_bg.wasm";') },
    (app) => app.run(app.bin("esbuild"), ["main.js", "--bundle", "--format=esm", "--loader:.wasm=file", "--outdir=dist"]),
  ),
  "rollup-inline": bundled(
    { ...inline, "rollup.config.mjs": 'import { nodeResolve } from "@rollup/plugin-node-resolve";\nexport default { plugins: [nodeResolve({ browser: true })] };\n' },
    (app) => app.run(app.bin("rollup"), ["--silent", "--config", "rollup.config.mjs", "main.js", "--format=es", "--file=dist/main.js"]),
  ),
  vitest: async (app) => {
    const test = (environment) => `// @vitest-environment ${environment}
import { expect, test } from "vitest";
import { list } from "./list.js";
test("${environment}", async () => expect(await list()).toBe("listed"));
`;
    const environments = ["node", "jsdom", "happy-dom"];
    app.write({ "package.json": esm, "list.js": list(), ...Object.fromEntries(environments.map((name) => [`${name}.test.js`, test(name)])) });
    await app.run(app.bin("vitest"), ["run", "--root", app.folder]);
  },
  jest: async (app) => {
    const test = 'import { list } from "./list.js";\ntest("list", async () => expect(await list()).toBe("listed"));\n';
    app.write({ "package.json": esm, "list.js": list(), "list.test.js": test });
    await app.run(app.bin("jest"), ["--rootDir", app.folder, "--testEnvironment=node"], { NODE_OPTIONS: "--experimental-vm-modules" });
  },
  bun: async (app) => {
    app.write(program);
    const bun = app.bin("bun");
    await app.lists(bun, ["run", "main.js"]);
    await app.run(bun, ["build", "main.js", "--target=bun", "--outdir=out"]);
    await app.lists(bun, ["run", "out/main.js"]);
    app.write({ ...site("main.js"), ...inline });
    await app.run(bun, ["build", "main.js", "--target=browser", "--outdir=dist"]);
    app.write({ "dist/index.html": page("main.js") });
    return [await app.serve("dist")];
  },
  deno: async (app) => {
    app.write(program);
    // The network only: the package needs no permission to read files.
    await app.lists(app.bin("deno"), ["run", "--allow-net", "--node-modules-dir=manual", "main.js"]);
  },
  workerd: async (app) => {
    const worker = 'import { list } from "./list.js";\nexport default { async fetch() { return new Response(await list()); } };\n';
    app.write({ "package.json": esm, "worker.js": worker, "list.js": list() });
    // As wrangler bundles: with the condition "workerd", and modules of WebAssembly left to the runtime.
    const { build } = await import("esbuild");
    await build({
      absWorkingDir: app.folder, entryPoints: ["worker.js"], bundle: true, format: "esm", conditions: ["workerd", "worker", "browser"],
      loader: { ".wasm": "copy" }, assetNames: "[name]", outdir: "out", logLevel: "error",
    });
    const { Miniflare } = await import("miniflare");
    const server = new Miniflare({ modules: true, modulesRoot: `${app.folder}/out`, scriptPath: `${app.folder}/out/worker.js`, modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }] });
    const text = await (await server.dispatchFetch("http://worker.test/")).text();
    await server.dispose();
    if (text !== "listed") throw new Error(`the worker answered ${text}`);
  },
};
