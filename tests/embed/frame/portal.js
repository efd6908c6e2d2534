// A page that frames the gateway's /embed/ and speaks with it.
import { connectFrame } from "../node_modules/acr-dashboard-element/frame.js";

const query = new URLSearchParams(location.search);
const frame = document.createElement("iframe");
frame.title = "Registry";
frame.width = "1200";
frame.src = query.get("src");

globalThis.events = [];
globalThis.connection = connectFrame(frame, {
  ...(query.has("user")
    ? { getCredential: () => ({ kind: "password", username: query.get("user"), password: query.get("password") }) }
    : {}),
  onEvent(type, detail) {
    events.push({ type, detail });
    if (type === "acr-resize") frame.style.height = `${detail.height}px`;
  },
});
document.querySelector("main").append(frame);
