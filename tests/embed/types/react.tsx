// A component of React 19, whose JSX knows the element once the package is imported.
import "acr-dashboard-element";
import { useRef } from "react";
import type { AcrDashboardElement } from "acr-dashboard-element";

export function Registry({ repository }: { repository: string | undefined }) {
  const element = useRef<AcrDashboardElement>(null);
  return (
    <>
      <acr-dashboard
        ref={element}
        key="first"
        className="registry"
        style={{ minHeight: "20rem" }}
        aria-label="Registry"
        endpoint="/registries/contoso"
        login-server="contoso.azurecr.io"
        repository={repository}
        getCredential={async () => ({ kind: "anonymous" })}
        fetch={(input, init) => fetch(input, init)}
        read-only
        onacr-navigate={(event) => console.log(event.detail.route)}
        onacr-action={(event) => { if (event.detail.phase === "before") event.preventDefault(); }}
      />
      <acr-dashboard endpoint="/registries/contoso" loginServer="contoso.azurecr.io" linkBase="/registry/" readOnly={true} />
      <acr-dashboard endpoint="/registries/contoso" entraClientId="app" entraRedirectUri="/acr/redirect.html" />
      <acr-dashboard endpoint="/registries/contoso" entra-client-id="app" entra-authority="https://login.microsoftonline.com/contoso.com" />
      {/* @ts-expect-error: an application has one id. */}
      <acr-dashboard entra-client-id={["app"]} />
      {/* @ts-expect-error: there is no such theme. */}
      <acr-dashboard theme="blue" />
      {/* @ts-expect-error: there is no such attribute. */}
      <acr-dashboard registry="contoso" />
    </>
  );
}
