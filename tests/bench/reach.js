// Runs in a page before its own scripts: when the first row is on screen, and what frames cost. Called by tests/bench/reach.rs.
(() => {
  // What is looked for is put in by the caller that adds this script.
  const ROW = "@row@";
  const LIST = "@list@";
  const reach = { firstRow: null, memory: null };
  globalThis.reach = reach;
  performance.setResourceTimingBufferSize(10_000);

  const stream = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...given) => {
    const made = await stream.apply(WebAssembly, given);
    // The second half of the dashboard works in the memory of the first.
    reach.memory = made.instance.exports.memory ?? reach.memory;
    return made;
  };

  const frame = () => new Promise(requestAnimationFrame);
  const asked = (part) => performance.getEntriesByType("resource").filter((entry) => entry.name.includes(part));

  const look = () => {
    const row = document.querySelector(ROW);
    if (row !== null && row.getBoundingClientRect().height > 0) {
      reach.firstRow = { ms: Math.round(performance.now()), pages: asked(LIST).filter((entry) => entry.responseEnd > 0).length };
    } else {
      requestAnimationFrame(look);
    }
  };
  requestAnimationFrame(look);

  /** The longest and the median of so many frames, in milliseconds, with `step` called in each, and the most rows that were in the document. */
  reach.frames = async (count, step) => {
    const times = [];
    let rows = 0;
    let last = performance.now();
    for (let at = 0; at < count; at += 1) {
      step(at);
      await frame();
      const now = performance.now();
      times.push(now - last);
      last = now;
      rows = Math.max(rows, document.querySelectorAll("tbody tr").length);
    }
    times.sort((a, b) => b - a);
    return { longest: Math.round(times[0]), median: Math.round(times[count >> 1]), over50: times.filter((time) => time > 50).length, frames: count, rows };
  };

  /** Through the whole list in great leaps, and then row by row. */
  reach.scroll = async () => {
    const height = document.documentElement.scrollHeight;
    const leaps = await reach.frames(300, (at) => scrollTo(0, (height * at) / 300));
    scrollTo(0, height / 2);
    await frame();
    const steps = await reach.frames(300, () => scrollBy(0, 60));
    scrollTo(0, 0);
    await frame();
    return { leaps, steps };
  };

  /** Turns the order round, and waits two seconds of frames. */
  reach.sort = () => reach.frames(120, (at) => at === 10 && document.querySelector("thead button.sort").click());

  /** Types a search letter by letter. */
  reach.search = (text) => {
    const field = document.querySelector("input[type=search]");
    return reach.frames(30 * (text.length + 1), (at) => {
      if (at % 30 === 10 && at / 30 < text.length) {
        field.value += text[Math.floor(at / 30)];
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      }
    });
  };

  /** The calls to the registry since so many, by what they ask. */
  reach.calls = (since) => asked("/registries/").slice(since).map((entry) => new URL(entry.name).pathname.replace(/^.*?\/registries\/[^/]+/, ""));

  reach.wasmMiB = () => Math.round(reach.memory.buffer.byteLength / 104857.6) / 10;
})();
