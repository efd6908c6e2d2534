// What Vue's tools check a template against.
import "acr-dashboard-element";
import type { GlobalComponents } from "vue";

type Dashboard = InstanceType<GlobalComponents["acr-dashboard"]>;

export const properties: Dashboard["$props"] = {
  class: "registry",
  endpoint: "/registries/contoso",
  "login-server": "contoso.azurecr.io",
  readOnly: true,
  "entra-client-id": "app",
  entraScope: "https://management.azure.com/.default",
  getCredential: () => ({ kind: "anonymous" }),
};

// @ts-expect-error: there is no such theme.
export const wrong: Dashboard["$props"] = { theme: "blue" };

export function emit(dashboard: Dashboard, event: CustomEvent<{ kind: "tags"; repository: string; names: string[] }>) {
  dashboard.$emit("acr-select", event);
  // @ts-expect-error: there is no such event.
  dashboard.$emit("select", event);
}
