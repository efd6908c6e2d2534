// `node run.mjs NAME`: makes one app of table.mjs, builds and starts it, and writes one line of JSON: the addresses of its pages, which show
// in a heading what the registry lists. It serves them until it is ended. What runs without a browser it has checked before.
// `node run.mjs` writes the names of all apps.
import { App, registry } from "./app.mjs";
import { apps } from "./table.mjs";

const name = process.argv[2];
try {
  if (name === undefined) {
    console.log(JSON.stringify(Object.keys(apps)));
    process.exit(0);
  }
  if (!apps[name]) throw new Error(`There is no app ${name}.`);
  const pages = (await apps[name](new App(name, await registry()))) ?? [];
  console.log(JSON.stringify(pages));
  if (pages.length === 0) process.exit(0);
} catch (error) {
  console.error(error);
  process.exit(1);
}
