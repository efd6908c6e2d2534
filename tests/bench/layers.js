// Runs in a page of the dashboard: opens the files of an image, and lists the same layer with what a browser has of its own. Called by
// tests/bench/layers.rs.
(() => {
  const frame = () => new Promise(requestAnimationFrame);
  const layers = {};
  globalThis.layers = layers;

  const tab = () => [...document.querySelectorAll("[role=tab]")].find((one) => one.textContent.trim().startsWith("Files"));
  const summary = () => document.querySelector(".files-progress")?.textContent ?? "";

  /** Waits until every layer is read. */
  layers.read = async () => {
    while (!summary().includes("uncompressed")) await frame();
    return performance.now();
  };

  /** Milliseconds until every layer is read and listed: from a click on the tab "Files", and from the request for the largest layer, as the peer counts. */
  layers.open = async () => {
    while (!tab()) await frame();
    const start = performance.now();
    tab().click();
    const end = await layers.read();
    const { startTime, responseEnd } = largest();
    return { click: end - start, request: end - startTime, bytes: responseEnd - startTime };
  };

  const text = new TextDecoder();
  const name = (header, start, length) => {
    const field = header.subarray(start, start + length);
    const end = field.indexOf(0);
    return text.decode(end < 0 ? field : field.subarray(0, end));
  };

  /** The peer: DecompressionStream and a reader of tar headers. Milliseconds, and how many entries it found. */
  layers.peer = async (endpoint, repository, digest) => {
    const scope = encodeURIComponent(`repository:${repository}:pull`);
    const { access_token: token } = await (await fetch(`${endpoint}/oauth2/token?scope=${scope}`)).json();
    const start = performance.now();
    const answer = await fetch(`${endpoint}/v2/${repository}/blobs/${digest}`, { headers: { Authorization: `Bearer ${token}` } });
    const reader = answer.body.pipeThrough(new DecompressionStream("gzip")).getReader();
    const entries = [];
    const header = new Uint8Array(512);
    let [filled, skip] = [0, 0];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let at = 0; at < value.length; ) {
        if (skip > 0) {
          const part = Math.min(skip, value.length - at);
          skip -= part;
          at += part;
          continue;
        }
        const part = Math.min(512 - filled, value.length - at);
        header.set(value.subarray(at, at + part), filled);
        filled += part;
        at += part;
        if (filled < 512) continue;
        filled = 0;
        if (header[0] === 0) continue;
        const size = Number.parseInt(name(header, 124, 12), 8);
        entries.push({ name: name(header, 0, 100), size, mode: name(header, 100, 8), modified: name(header, 136, 12) });
        skip = Math.ceil(size / 512) * 512;
      }
    }
    return { ms: performance.now() - start, entries: entries.length };
  };

  const blobs = () => performance.getEntriesByType("resource").filter((entry) => entry.name.includes("/blobs/"));

  const largest = () => blobs().toSorted((a, b) => b.encodedBodySize - a.encodedBodySize)[0];

  /** Milliseconds between the first bytes of the largest blob and the first row of the tree. */
  layers.firstNames = () => Math.round(reach.firstRow.ms - largest().responseStart);

  /** Opens the only file that a search finds, and reports the bytes of blobs that were transferred for it. */
  layers.file = async (search) => {
    const field = document.querySelector(".files-bar input[type=search]");
    field.value = search;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const button = () => [...document.querySelectorAll(".files-tree .tree-name")].find((one) => one.textContent.trim() === search);
    while (!button()) await frame();
    const before = blobs().length;
    const start = performance.now();
    button().click();
    while (!document.querySelector(".files-body pre")) await frame();
    const ms = Math.round(performance.now() - start);
    // Entries of requests appear when their last bytes have been read.
    while (blobs().length === before) await frame();
    return { ms, bytes: blobs().slice(before).reduce((sum, entry) => sum + entry.encodedBodySize, 0) };
  };

  /** Searches for what every file has in its name, so that the whole tree is open, and waits until that is shown. */
  layers.everything = async (search, rows) => {
    const field = document.querySelector(".files-bar input[type=search]");
    field.value = search;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    const count = () => Number(document.querySelector(".files-tree").getAttribute("aria-rowcount"));
    while (count() < rows) await frame();
    return count();
  };
})();
