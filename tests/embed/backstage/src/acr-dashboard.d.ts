// Teaches JSX the element. React 19 sets what an element has as a property, such as `getCredential`, as a property.
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { AcrDashboardAttributes, AcrDashboardElement } from "acr-dashboard-element";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "acr-dashboard": DetailedHTMLProps<HTMLAttributes<AcrDashboardElement>, AcrDashboardElement> &
        AcrDashboardAttributes &
        Partial<Pick<AcrDashboardElement, "getCredential" | "fetch">>;
    }
  }
}
