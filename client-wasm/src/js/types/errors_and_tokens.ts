/** One error of the registry (definition `AcrErrorInfo`). */
export interface AcrErrorInfo {
  /** e.g. `NAME_UNKNOWN`, `UNAUTHORIZED`, `REGISTRY_DISALLOWED_OPERATION`. */
  code?: string;
  /** The registry's explanation. */
  message?: string;
  /** As the registry sent it: an object, an array, a string, null or nothing. */
  detail?: unknown;
}

/** The body of a failed call (definition `AcrErrors`). */
export interface AcrErrors {
  /** One or more errors. */
  errors: AcrErrorInfo[];
}

/** Answer of `RefreshTokens_GetFromExchange` (definition `RefreshToken`). */
export interface RefreshToken {
  /** Valid for about three hours. */
  refresh_token?: string;
}

/** Answer of `AccessTokens_Get` and `AccessTokens_GetFromLogin` (definition `AccessToken`). */
export interface AccessToken {
  /** A JWT, valid for about 75 minutes, whose `access` claim names what it may do. */
  access_token?: string;
}
