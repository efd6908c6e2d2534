// A portal with two registries on one page, which it shows, hides and renders anew.
import { StrictMode, useState } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import type { AcrActionDetail, AcrNavigateDetail, Credential } from "acr-dashboard-element";
import { Registry } from "./Registry";

const query = new URLSearchParams(location.search);
const required = (name: string): string => query.get(name) ?? "";

interface Events { navigations: AcrNavigateDetail[]; actions: AcrActionDetail[] }
interface Portal { show(shown: boolean): void; render(): void; events: Events }
declare global { interface Window { portal: Portal } }

const events: Events = { navigations: [], actions: [] };
const navigated = (detail: AcrNavigateDetail) => { events.navigations.push(detail); };
const acted = (detail: AcrActionDetail) => {
  events.actions.push(detail);
  return detail.phase === "after" || detail.action !== "delete";
};

function Portal() {
  const [shown, setShown] = useState(true);
  const [renders, setRenders] = useState(0);
  window.portal = {
    show: (now) => flushSync(() => setShown(now)),
    render: () => flushSync(() => setRenders((count) => count + 1)),
    events,
  };
  // Another function at each rendering, as such components have it.
  const getCredential = async (): Promise<Credential> => ({ kind: "password", username: required("user"), password: required("password") });
  return (
    <main>
      <h1>Portal</h1>
      <p>Rendered {renders} times</p>
      {shown && (
        <>
          <section aria-label="First">
            <Registry endpoint={required("first")} loginServer="first.azurecr.io" repository={required("repository")} theme="light" onNavigate={navigated} onAction={acted} getCredential={getCredential} />
          </section>
          <section aria-label="Second">
            <Registry endpoint={required("second")} loginServer="second.azurecr.io" theme={renders % 2 ? "dark" : "light"} onNavigate={navigated} onAction={acted} />
          </section>
        </>
      )}
    </main>
  );
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode><Portal /></StrictMode>);
