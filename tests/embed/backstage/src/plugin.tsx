// A plugin page: the repository that an entity's annotation names, through Backstage's proxy and with its sign-in.
import "acr-dashboard-element";
import { useEffect, useState } from "react";
import { discoveryApiRef, fetchApiRef, useApi } from "@backstage/core-plugin-api";
import { useEntity, type Entity } from "@backstage/plugin-catalog-react";

export const ACR_ANNOTATION = "azure-container-registry/repository-name";

export const isAzureContainerRegistryAvailable = (entity: Entity): boolean =>
  Boolean(entity.metadata.annotations?.[ACR_ANNOTATION]);

export function EntityAzureContainerRegistryContent() {
  const { entity } = useEntity();
  const { fetch } = useApi(fetchApiRef);
  const discovery = useApi(discoveryApiRef);
  const [endpoint, setEndpoint] = useState<string>();
  useEffect(() => {
    void discovery.getBaseUrl("proxy").then((base) => setEndpoint(`${base}/acr`));
  }, [discovery]);
  const repository = entity.metadata.annotations?.[ACR_ANNOTATION];
  if (!repository) return <p>This entity has no annotation {ACR_ANNOTATION}.</p>;
  if (!endpoint) return null;
  return (
    <acr-dashboard
      endpoint={endpoint}
      login-server="contoso.azurecr.io"
      view="repository"
      repository={repository}
      read-only
      fetch={(input, init) => fetch(input, init)}
    />
  );
}
