// What a Backstage app would do around the plugin: its APIs, and an entity's page with the plugin's tab.
import { createRoot } from "react-dom/client";
import { discoveryApiRef, fetchApiRef, provideApi } from "@backstage/core-plugin-api";
import { EntityContext, type Entity } from "@backstage/plugin-catalog-react";
import { ACR_ANNOTATION, EntityAzureContainerRegistryContent, isAzureContainerRegistryAvailable } from "./plugin";

const query = new URLSearchParams(location.search);
const seen: string[] = [];
declare global { interface Window { proxied: string[] } }
window.proxied = seen;

provideApi(discoveryApiRef, { getBaseUrl: async () => query.get("base") ?? "" });
provideApi(fetchApiRef, {
  // Backstage's own adds what its proxy wants; the proxy knows the registry's address.
  fetch: (input, init) => {
    const address = String(input).replace("/proxy/acr", query.get("path") ?? "");
    seen.push(`${init?.method ?? "GET"} ${String(input)}`);
    return fetch(address, init);
  },
});

const annotations: Record<string, string> = query.has("repository") ? { [ACR_ANNOTATION]: query.get("repository") ?? "" } : {};
const entity: Entity = { kind: "Component", metadata: { name: "service", annotations } };
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <EntityContext.Provider value={entity}>
      <main>
        <h1>{entity.metadata.name}</h1>
        <p>{isAzureContainerRegistryAvailable(entity) ? "Registry" : "No registry"}</p>
        <EntityAzureContainerRegistryContent />
      </main>
    </EntityContext.Provider>,
  );
}
