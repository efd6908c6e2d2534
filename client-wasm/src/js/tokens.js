// `client.tokens`.
import { failure, member, run, text } from "./call.js";

const GRANTS = ["access_token", "refresh_token", "access_token_refresh_token"];

export class Tokens {
  #calls;

  constructor(calls) {
    this.#calls = calls;
  }

  exchange(request, options) {
    return run(options, async (stop) => {
      const operation = "RefreshTokens_GetFromExchange";
      const grant = required(operation, request, "grant_type");
      if (!GRANTS.includes(grant)) throw failure(operation, "this grant_type is none the service knows");
      const [tenant, access, refresh] = ["tenant", "access_token", "refresh_token"].map((name) => member(operation, request, name));
      return { refresh_token: await this.#token(operation, request, [grant, tenant, access, refresh], stop) };
    });
  }

  get(request, options) {
    return run(options, async (stop) => {
      const operation = "AccessTokens_Get";
      const given = ["scope", "refresh_token"].map((name) => required(operation, request, name));
      return { access_token: await this.#token(operation, request, given, stop) };
    });
  }

  getFromLogin(request, options) {
    return run(options, async (stop) => {
      const operation = "AccessTokens_GetFromLogin";
      const given = ["username", "password"].map((name) => required(operation, request, name));
      const scopes = [required(operation, request, "scope", (operation, what, value) => value)].flat();
      given.push(scopes.map((scope) => text(operation, "scope", scope)).join(" "));
      return { access_token: await this.#token(operation, request, given, stop) };
    });
  }

  #token(operation, request, given, stop) {
    return this.#calls.call(operation, [member(operation, request, "service"), ...given], stop);
  }
}

function required(operation, request, name, read) {
  if (typeof request !== "object" || request === null) throw failure(operation, "the request must be an object");
  const value = member(operation, request, name, read);
  if (value === undefined) throw failure(operation, `${name} must be a string`);
  return value;
}
