// A page without a framework.
import init, { type AcrDashboardElement } from "acr-dashboard-element";
import { connectFrame } from "acr-dashboard-element/frame";

export async function plain(frame: HTMLIFrameElement): Promise<AcrDashboardElement | null> {
  await init(new URL("https://example.test/files/"));
  const dashboard = document.querySelector("acr-dashboard");
  dashboard?.addEventListener("acr-action", (event) => {
    if (event.detail.phase === "before") event.preventDefault();
  });
  document.createElement("acr-dashboard").loginServer = "contoso.azurecr.io";
  // @ts-expect-error: there is no such theme.
  if (dashboard) dashboard.theme = "blue";
  connectFrame(frame, { onEvent: (type) => console.log(type) }).navigate("team/app");
  return dashboard;
}
