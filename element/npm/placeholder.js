// What is in an element before the dashboard is: a skeleton of its size, or why there is none. Small, since it is in every page.

let sheet;

function styles() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :host { display: block !important; width: 100%; color-scheme: light dark; }
      :host([hidden]) { display: none !important; }
      :host([theme="light"]) { color-scheme: light; }
      :host([theme="dark"]) { color-scheme: dark; }
      div { box-sizing: border-box; min-height: var(--acr-min-height, 24rem); padding: var(--acr-padding, 1rem);
        background: var(--acr-ground, light-dark(#f5f6f8, #0e1217)); color: var(--acr-text, light-dark(#161d26, #e4e9ef));
        font: 0.875rem / 1.45 var(--acr-font, system-ui, sans-serif); text-align: start; }
      span { display: block; height: 1rem; margin-bottom: 0.75rem; border-radius: 4px; background: var(--acr-line, light-dark(#e0e4e9, #262e38)); }
      span:first-child { width: 14rem; max-width: 60%; height: 1.5rem; }
      p { margin: 0 0 0.5rem; max-width: 40rem; }
    `);
  }
  return [sheet];
}

/** Lines in the place of rows. */
export function skeleton(shadow) {
  const frame = document.createElement("div");
  frame.setAttribute("role", "status");
  frame.setAttribute("aria-busy", "true");
  frame.setAttribute("aria-label", "Loading");
  for (let line = 0; line < 8; line += 1) frame.append(document.createElement("span"));
  shadow.adoptedStyleSheets = styles();
  shadow.replaceChildren(frame);
}

/** What keeps the dashboard from being shown, as text. */
export function message(shadow, { what, why, remedy, message }) {
  const frame = document.createElement("div");
  frame.setAttribute("role", "alert");
  for (const text of [what ?? "The dashboard could not be shown.", why ?? message, remedy]) {
    if (!text) continue;
    const line = document.createElement("p");
    line.textContent = text;
    frame.append(line);
  }
  shadow.adoptedStyleSheets = styles();
  shadow.replaceChildren(frame);
}
