// Frameworks, which bring a server and a bundler of their own: each shows the list in a page made on its server and in the browser.
import { esm, list } from "./sources.mjs";

const heading = "const [text, setText] = useState(\"loading\");\n  useEffect(() => { list().then(setText, (error) => setText(String(error))); }, []);\n  return <h1>{text}</h1>;";

export const apps = {
  next: async (app) => {
    app.write({
      "package.json": JSON.stringify({ private: true }),
      "list.js": list(),
      "app/layout.jsx": "export default function Layout({ children }) { return <html lang=\"en\"><body>{children}</body></html>; }\n",
      "app/server/page.jsx": "import { list } from \"../../list\";\nexport const dynamic = \"force-dynamic\";\nexport default async function Page() { return <h1>{await list()}</h1>; }\n",
      "app/api/route.js": "import { list } from \"../../list\";\nexport const dynamic = \"force-dynamic\";\nexport async function GET() { return new Response(await list()); }\n",
      "app/page.jsx": `"use client";\nimport { useEffect, useState } from "react";\nimport { list } from "../list";\nexport default function Page() {\n  ${heading}\n}\n`,
    });
    await app.run(app.bin("next"), ["build"], { NEXT_TELEMETRY_DISABLED: "1" });
    const address = await app.start(app.bin("next"), ["start", "--port", "PORT"], { NEXT_TELEMETRY_DISABLED: "1" });
    await app.answers(`${address}/server`);
    await app.answers(`${address}/api`);
    return [address];
  },
  sveltekit: async (app) => {
    app.write({
      "package.json": esm,
      "svelte.config.js": "import adapter from \"@sveltejs/adapter-node\";\nexport default { kit: { adapter: adapter() } };\n",
      "vite.config.js": "import { sveltekit } from \"@sveltejs/kit/vite\";\nexport default { plugins: [sveltekit()] };\n",
      "src/app.html": "<!DOCTYPE html><html lang=\"en\"><head>%sveltekit.head%</head><body><div>%sveltekit.body%</div></body></html>\n",
      "src/lib/list.js": list(),
      "src/routes/server/+page.server.js": "import { list } from \"$lib/list.js\";\nexport const load = async () => ({ text: await list() });\n",
      "src/routes/server/+page.svelte": "<script>let { data } = $props();</script><h1>{data.text}</h1>\n",
      "src/routes/+page.svelte": "<script>import { onMount } from \"svelte\";\nimport { list } from \"$lib/list.js\";\nlet text = $state(\"loading\");\nonMount(() => list().then((it) => { text = it; }, (error) => { text = String(error); }));</script><h1>{text}</h1>\n",
    });
    await app.run(app.bin("vite"), ["build", "--logLevel=error"]);
    const address = await app.start("node", ["build"]);
    await app.answers(`${address}/server`);
    return [address];
  },
  astro: async (app) => {
    app.install();
    app.write({
      "package.json": esm,
      "src/list.js": list(),
      "src/pages/index.astro": "---\n---\n<html lang=\"en\"><body><h1>loading</h1><script>import { list } from \"../list.js\";\nlist().then(String, String).then((text) => { document.querySelector(\"h1\").textContent = text; });</script></body></html>\n",
      "src/pages/server.astro": "---\nimport { list } from \"../list.js\";\nconst text = await list();\n---\n<html lang=\"en\"><body><h1>{text}</h1></body></html>\n",
    });
    const env = { ASTRO_TELEMETRY_DISABLED: "1" };
    await app.run(app.bin("astro"), ["build", "--silent"], env);
    const built = await app.serve("dist");
    const dev = await app.start(app.bin("astro"), ["dev", "--port", "PORT", "--host", "127.0.0.1"], env);
    await app.answers(`${built}/server/`);
    return [built, dev];
  },
  nuxt: async (app) => {
    app.write({
      "package.json": esm,
      "nuxt.config.js": "export default { telemetry: false, compatibilityDate: \"2026-01-01\" };\n",
      "app/list.js": list(),
      "app/app.vue": "<script setup>\nimport { list } from \"./list.js\";\nconst text = ref(\"loading\");\nonMounted(() => list().then((it) => { text.value = it; }, (error) => { text.value = String(error); }));\n</script>\n<template><h1>{{ text }}</h1></template>\n",
      "server/api/list.js": "import { list } from \"../../app/list.js\";\nexport default defineEventHandler(() => list());\n",
    });
    await app.run(app.bin("nuxt"), ["build"]);
    const address = await app.start("node", [".output/server/index.mjs"]);
    await app.answers(`${address}/api/list`);
    return [address];
  },
  "react-router": async (app) => {
    app.write({
      "package.json": JSON.stringify({ private: true, type: "module", dependencies: { "@react-router/node": "^7", "react-router": "^7", react: "^19", isbot: "^5" } }),
      "vite.config.js": "import { reactRouter } from \"@react-router/dev/vite\";\nexport default { plugins: [reactRouter()] };\n",
      "app/list.js": list(),
      "app/root.jsx": "import { Outlet, Scripts } from \"react-router\";\nexport default function Root() { return <html lang=\"en\"><body><Outlet /><Scripts /></body></html>; }\n",
      "app/routes.js": "import { index, route } from \"@react-router/dev/routes\";\nexport default [index(\"page.jsx\"), route(\"server\", \"server.jsx\")];\n",
      "app/page.jsx": `import { useEffect, useState } from "react";\nimport { list } from "./list.js";\nexport default function Page() {\n  ${heading}\n}\n`,
      "app/server.jsx": "import { list } from \"./list.js\";\nexport const loader = async () => ({ text: await list() });\nexport default function Page({ loaderData }) { return <h1>{loaderData.text}</h1>; }\n",
    });
    await app.run(app.bin("react-router"), ["build"]);
    const address = await app.start(app.bin("react-router-serve"), ["build/server/index.js"]);
    await app.answers(`${address}/server`);
    return [address];
  },
  angular: async (app) => {
    const build = { builder: "@angular/build:application", options: { browser: "src/main.ts", index: "src/index.html", tsConfig: "tsconfig.json", outputPath: "dist" } };
    app.write({
      "package.json": JSON.stringify({ private: true }),
      "angular.json": JSON.stringify({ version: 1, cli: { analytics: false, cache: { enabled: false } }, projects: { app: { projectType: "application", root: "", sourceRoot: "src", architect: { build } } } }),
      "tsconfig.json": JSON.stringify({ compilerOptions: { strict: true, target: "ES2022", module: "ES2022", moduleResolution: "bundler", lib: ["ES2023", "DOM", "ESNext.Disposable"], types: [], allowJs: true, experimentalDecorators: true }, files: ["src/main.ts"] }),
      "src/index.html": "<!DOCTYPE html><html lang=\"en\"><head><title>App</title><base href=\"/\"></head><body><app-root></app-root></body></html>\n",
      "src/list.js": list("acr-client-wasm/inline"),
      "src/main.ts": `import { Component, provideZonelessChangeDetection, signal } from "@angular/core";
import { bootstrapApplication } from "@angular/platform-browser";
import { list } from "./list.js";
@Component({ selector: "app-root", template: "<h1>{{ text() }}</h1>" })
class Root {
  text = signal("loading");
  constructor() { list().then((it: string) => this.text.set(it), (error: unknown) => this.text.set(String(error))); }
}
void bootstrapApplication(Root, { providers: [provideZonelessChangeDetection()] });
`,
    });
    await app.run(app.bin("ng"), ["build"], { NG_CLI_ANALYTICS: "false" });
    return [await app.serve("dist/browser")];
  },
};
