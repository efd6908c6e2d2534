// What the apps consist of, in JavaScript that every toolchain reads.

/** `list()` resolves with the names of the registry's repositories. */
export const list = (from = "acr-client-wasm", argument = "", imports = "") => `
import init, { RegistryClient } from "${from}";
${imports}
export async function list() {
  await init(${argument});
  const client = new RegistryClient({ endpoint: "ENDPOINT" });
  const names = [];
  for await (const name of client.repositories.list()) names.push(name);
  return names.join();
}
`;

/** Prints the list. */
export const printing = `
import { list } from "./list.js";
list().then(console.log, (error) => { console.error(error); process.exitCode = 1; });
`;

/** Shows the list, or the failure, in the page's heading. */
export const showing = `
import { list } from "./list.js";
list().then(String, String).then((text) => { document.querySelector("h1").textContent = text; });
`;

/** A page with a heading and a script. */
export const page = (script, type = "module") => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>App</title></head><body><h1>loading</h1><script type="${type}" src="${script}"></script></body></html>
`;

/** A module package, so that `.js` files are ES modules. */
export const esm = JSON.stringify({ private: true, type: "module" });

/** A page of a single script. */
export const site = (script = "/main.js") => ({ "package.json": esm, "index.html": page(script), "main.js": showing, "list.js": list() });

/** A program for Node and its kin. */
export const program = { "package.json": esm, "main.js": printing, "list.js": list() };
