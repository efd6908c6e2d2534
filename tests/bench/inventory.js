// Runs in a page of the dashboard: how long an analysis, a snapshot or a plan takes until it is shown, and what frames cost meanwhile. Called
// by tests/bench/inventory.rs.
(() => {
  const frame = () => new Promise(requestAnimationFrame);
  const said = () => [...document.querySelectorAll("[role=status]")].map((one) => one.textContent).join("\n");
  const inventory = {};
  globalThis.inventory = inventory;
  let start = 0;

  const measured = async (is_done, from = performance.now()) => {
    const times = [];
    let last = from;
    while (!is_done()) {
      await frame();
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    // What is drawn in the end belongs to it.
    await frame();
    times.push(performance.now() - last);
    times.sort((a, b) => b - a);
    return { ms: Math.round(last - start), longest: Math.round(times[0]), over50: times.filter((time) => time > 50).length, frames: times.length };
  };

  /** Starts the clock, with the list of requests empty. */
  inventory.watch = () => {
    performance.setResourceTimingBufferSize(100_000);
    performance.clearResourceTimings();
    start = performance.now();
  };

  /** Milliseconds since the clock was started until a status has this text, and the longest frame since this was called. */
  inventory.shown = (text) => measured(() => said().includes(text));

  /** Gives the rule another filter, presses "Preview", and waits for another plan than the one that is shown. */
  inventory.plan = (filter) => {
    const before = said();
    start = performance.now();
    const field = [...document.querySelectorAll("label")].find((label) => label.textContent.trim() === "Filter").control;
    field.value = filter;
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    [...document.querySelectorAll("button")].find((button) => button.textContent.trim() === "Preview").click();
    // The first frame is the one in which the button is pressed.
    return measured(() => said() !== before, start);
  };

  /** How many requests the registry was sent since the clock was started, with this text in their address. */
  inventory.requests = (part = "") => performance.getEntriesByType("resource").filter(({ name }) => name.includes("/registries/") && name.includes(part)).length;
})();
