// `client.manifests`.
import { failure, fill, json, member, parse, run, text } from "./call.js";
import { Paged, range } from "./paged.js";
import { orderOf } from "./tags.js";

/** Lists inside a manifest's attributes that the registry may give as `null`, and inside a manifest. */
const ATTRIBUTES = ["tags", "references"];
const CONTENT = ["manifests", "layers", "fsLayers", "history", "signatures"];

export class Manifests {
  #calls;

  constructor(calls) {
    this.#calls = calls;
  }

  list(name, options) {
    const operation = "Manifests_GetList";
    const begin = (settings) =>
      this.#calls.list(operation, [
        text(operation, "name", name),
        ...range(operation, options, settings),
        undefined,
        orderOf(operation, options),
      ]);
    const shape = (items) => items.map((item) => fill(item, ATTRIBUTES));
    return new Paged({ operation, begin, member: "manifests", name: "digest", shape }, options);
  }

  getAttributes(name, reference, options) {
    return this.#object("Manifests_GetAttributes", name, reference, () => "", options);
  }

  updateAttributes(name, reference, value, options) {
    return this.#object("Manifests_UpdateAttributes", name, reference, (operation) => json(operation, "value", value), options);
  }

  get(name, reference, options) {
    const operation = "Manifests_Get";
    return run(options, async (stop) => {
      const accept = member(operation, options, "accept");
      const names = [text(operation, "name", name), text(operation, "reference", reference)];
      const [digest, mediaType, bytes] = await this.#calls.call(operation, [...names, accept], stop);
      const manifest = fill(parse(operation, new TextDecoder().decode(bytes)), CONTENT);
      return { digest, mediaType, bytes, manifest };
    });
  }

  create(name, reference, payload, options) {
    const operation = "Manifests_Create";
    return run(options, async (stop) => {
      const mediaType = member(operation, options, "mediaType");
      const content = payload instanceof Uint8Array ? payload : typeof payload === "string" ? payload : json(operation, "payload", payload);
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      const names = [text(operation, "name", name), text(operation, "reference", reference)];
      return { digest: await this.#calls.call(operation, [...names, mediaType ?? mediaTypeOf(operation, bytes), bytes], stop) };
    });
  }

  delete(name, digest, options) {
    const operation = "Manifests_Delete";
    return run(options, async (stop) => {
      await this.#calls.call(operation, [text(operation, "name", name), text(operation, "digest", digest)], stop);
    });
  }

  referrers(name, digest, options) {
    const operation = "Referrers_GetList";
    const wanted = () => [text(operation, "name", name), text(operation, "digest", digest)];
    const artifactType = () => member(operation, options, "artifactType");
    return new Paged(
      {
        operation,
        begin: (settings) => {
          const [name, digest] = wanted();
          const token = member(operation, settings, "continuationToken");
          return this.#calls.list(operation, [name, undefined, undefined, token, digest, artifactType()]);
        },
        member: "manifests",
        // A registry may ignore the filter; filtering twice does no harm.
        shape: (items) => items.filter((item) => artifactType() === undefined || item?.artifactType === artifactType()),
        // The tag `sha256-…` of registries without the referrers API, and nothing where that is missing too.
        otherwise: (stop) => this.#calls.call(operation, wanted(), stop).catch(nothingWhereMissing),
      },
      options,
    );
  }

  #object(operation, name, reference, body, options) {
    return run(options, async (stop) => {
      const names = [text(operation, "name", name), text(operation, "reference", reference)];
      const answer = await this.#calls.call(operation, [...names, body(operation)], stop);
      fill(answer.manifest, ATTRIBUTES);
      return answer;
    });
  }
}

function nothingWhereMissing(error) {
  if (error.kind !== "not-found") throw error;
  return {};
}

/** The media type that a manifest states itself, else the one of its form. */
function mediaTypeOf(operation, bytes) {
  let manifest;
  try {
    manifest = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // Told below.
  }
  if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) {
    throw failure(operation, "payload is no manifest: it is not a JSON object");
  }
  const { mediaType, manifests } = manifest;
  if (typeof mediaType === "string") return mediaType;
  return `application/vnd.oci.image.${manifests === undefined ? "manifest" : "index"}.v1+json`;
}
