// One small app: its folder, the commands that build it, the servers that serve it.
import { execFile, spawn } from "node:child_process";
import { createServer } from "node:http";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createSocket } from "node:net";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".wasm": "application/wasm" };

/** What every app's registry lists. */
export const LISTED = "listed";

export class App {
  /** Begins with an empty folder. The app lists the registry at `endpoint`. */
  constructor(name, endpoint) {
    this.endpoint = endpoint;
    this.folder = join(here, "target", name);
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
  }

  /** Writes files by their paths in the app's folder. `ENDPOINT` in them is the registry's address. */
  write(files) {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text.replaceAll("ENDPOINT", this.endpoint));
    }
  }

  /** Puts the package into the app's own folder, where it is in an app that is no part of a workspace. */
  install() {
    cpSync(join(here, "node_modules/acr-client-wasm"), join(this.folder, "node_modules/acr-client-wasm"), { recursive: true });
  }

  /** The path of a package's program. */
  bin(name) {
    return join(here, "node_modules/.bin", name);
  }

  /** Runs a command in the app's folder and returns what it writes; rejects with it if it fails. */
  run(program, args, env = {}) {
    return new Promise((resolve, reject) => {
      execFile(program, args, { cwd: this.folder, env: { ...process.env, CI: "1", ...env }, maxBuffer: 1 << 26 }, (error, output, errors) => {
        if (error) reject(new Error(`${program} ${args.join(" ")}: ${error.message}\n${output}\n${errors}`));
        else resolve(output.trim());
      });
    });
  }

  /** Runs a command and expects it to write what the registry lists. */
  async lists(program, args, env) {
    const output = await this.run(program, args, env);
    if (output !== LISTED) throw new Error(`${program} ${args.join(" ")} wrote ${JSON.stringify(output)}`);
  }

  /** Asks an address and expects what the registry lists in its answer. */
  async answers(address) {
    const text = await (await fetch(address)).text();
    if (!text.includes(LISTED)) throw new Error(`${address} answered ${text.slice(0, 2000)}`);
    return address;
  }

  /** Starts a server, with its port as `PORT` in its arguments and environment, and returns its address once it answers. */
  async start(program, args, env = {}) {
    const port = await freePort();
    const child = spawn(program, args.map((value) => value.replace("PORT", port)), {
      cwd: this.folder,
      env: { ...process.env, PORT: String(port), HOST: "127.0.0.1", NITRO_PORT: String(port), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let ended = false;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    child.on("exit", () => (ended = true));
    const address = `http://127.0.0.1:${port}`;
    while (!(await fetch(address).then((answer) => answer.status < 500, () => false))) {
      if (ended) throw new Error(`${program} ended:\n${output}`);
      await new Promise((done) => setTimeout(done, 100));
    }
    return address;
  }

  /** Serves a folder of the app. */
  async serve(path) {
    const root = join(this.folder, path);
    return listen((request, response) => {
      let file = join(root, normalize(new URL(request.url, "http://host").pathname));
      if (file.endsWith("/")) file += "index.html";
      try {
        const bytes = readFileSync(file);
        response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" }).end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
  }
}

/** A registry with one repository, for callers of any origin. */
export async function registry() {
  return listen((request, response) => {
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "content-type": "application/json" };
    const body = request.url.startsWith("/oauth2/") ? { access_token: "token" } : { repositories: [LISTED] };
    response.writeHead(200, headers).end(request.method === "OPTIONS" ? "" : JSON.stringify(body));
  });
}

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const socket = createSocket();
  await new Promise((done) => socket.listen(0, "127.0.0.1", done));
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}
