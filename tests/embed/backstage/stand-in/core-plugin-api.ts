// As much of Backstage's core API as the plugin uses, with the same names and shapes.
export interface FetchApi { fetch: typeof fetch }
export interface DiscoveryApi { getBaseUrl(pluginId: string): Promise<string> }
export interface ApiRef<T> { id: string; T: T }

const ref = <T>(id: string): ApiRef<T> => ({ id }) as ApiRef<T>;
export const fetchApiRef = ref<FetchApi>("core.fetch");
export const discoveryApiRef = ref<DiscoveryApi>("core.discovery");

const apis = new Map<string, unknown>();
export function provideApi<T>(api: ApiRef<T>, implementation: T): void {
  apis.set(api.id, implementation);
}
export function useApi<T>(api: ApiRef<T>): T {
  return apis.get(api.id) as T;
}
