// One registry on a portal's page: the element with its events as props.
import "acr-dashboard-element";
import { useEffect, useRef } from "react";
import type { AcrActionDetail, AcrDashboardElement, AcrNavigateDetail, GetCredential } from "acr-dashboard-element";

interface Props {
  endpoint: string;
  loginServer: string;
  repository?: string;
  theme: "light" | "dark";
  getCredential?: GetCredential;
  onNavigate(detail: AcrNavigateDetail): void;
  /** Answers whether the action may go on. */
  onAction(detail: AcrActionDetail): boolean;
}

export function Registry({ endpoint, loginServer, repository, theme, getCredential, onNavigate, onAction }: Props) {
  const element = useRef<AcrDashboardElement>(null);
  useEffect(() => {
    const dashboard = element.current;
    if (!dashboard) return;
    const listeners = new AbortController();
    const { signal } = listeners;
    dashboard.addEventListener("acr-navigate", (event) => onNavigate(event.detail), { signal });
    dashboard.addEventListener("acr-action", (event) => { if (!onAction(event.detail)) event.preventDefault(); }, { signal });
    return () => listeners.abort();
  }, [onNavigate, onAction]);
  return (
    <acr-dashboard
      ref={element}
      endpoint={endpoint}
      login-server={loginServer}
      {...(repository === undefined ? {} : { repository })}
      theme={theme}
      {...(getCredential === undefined ? {} : { getCredential })}
    />
  );
}
