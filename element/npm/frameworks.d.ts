// The element in the typings of React and Vue. Each part takes effect where its framework is installed; elsewhere TypeScript has nothing
// to add it to, which would be an error in this file.
import type { AcrDashboardAttributes, AcrDashboardElement, AcrDashboardEventMap } from "./index.js";

/** What a template sets: attributes, or properties under their own names. */
type Settings = AcrDashboardAttributes & {
  [Name in
    | "loginServer"
    | "linkBase"
    | "readOnly"
    | "entraClientId"
    | "entraAuthority"
    | "entraScope"
    | "entraRedirectUri"
    | "getCredential"
    | "fetch"]?: AcrDashboardElement[Name] | undefined;
};

/** Listeners as React 19 takes them: `onacr-navigate={(event) => …}`. */
type Listeners = {
  [Name in keyof AcrDashboardEventMap as `on${Name}`]?: ((event: AcrDashboardEventMap[Name]) => void) | undefined;
};

// @ts-ignore: React is not installed.
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      /** An Azure Container Registry in this page. */
      // @ts-ignore: React is not installed.
      "acr-dashboard": import("react").DetailedHTMLProps<import("react").HTMLAttributes<AcrDashboardElement>, AcrDashboardElement> & Settings & Listeners;
    }
  }
}

// @ts-ignore: Vue is not installed.
declare module "vue" {
  interface GlobalComponents {
    /** An Azure Container Registry in this page. */
    "acr-dashboard": new () => AcrDashboardElement & {
      /** What a template can set. */
      // @ts-ignore: Vue is not installed.
      $props: import("vue").HTMLAttributes & import("vue").PublicProps & Settings;
      /** What a template can listen to: `@acr-navigate`. */
      // @ts-ignore: Vue is not installed.
      $emit: import("vue").EmitFn<{ [Name in keyof AcrDashboardEventMap]: (event: AcrDashboardEventMap[Name]) => void }>;
    };
  }
}
