// The development server of Vite 7, without any configuration. Its first line is the list of its addresses.
import { createServer } from "vite7";

const server = await createServer({ root: import.meta.dirname, logLevel: "error", server: { host: "127.0.0.1" } });
await server.listen();
console.log(JSON.stringify(server.resolvedUrls.local.map((address) => new URL(address).origin)));
