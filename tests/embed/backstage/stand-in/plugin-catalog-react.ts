// As much of Backstage's catalog as the plugin uses, with the same names and shapes.
import { createContext, useContext } from "react";

export interface Entity { kind: string; metadata: { name: string; annotations?: Record<string, string> } }

export const EntityContext = createContext<Entity | undefined>(undefined);
export function useEntity<T extends Entity = Entity>(): { entity: T } {
  const entity = useContext(EntityContext);
  if (!entity) throw new Error("useEntity is used outside an entity's page");
  return { entity: entity as T };
}
