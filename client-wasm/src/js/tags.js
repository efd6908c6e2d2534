// `client.tags`.
import { failure, json, member, run, text } from "./call.js";
import { Paged, range } from "./paged.js";

/** The order that the options of a list ask for, as the registry spells it. */
export function orderOf(operation, options) {
  const order = member(operation, options, "orderby") || "none";
  if (!["none", "timeasc", "timedesc"].includes(order)) {
    throw failure(operation, 'orderby must be "timeasc", "timedesc" or "none"');
  }
  return order === "none" ? undefined : order;
}

export class Tags {
  #calls;

  constructor(calls) {
    this.#calls = calls;
  }

  list(name, options) {
    const operation = "Tag_GetList";
    const begin = (settings) =>
      this.#calls.list(operation, [
        text(operation, "name", name),
        ...range(operation, options, settings),
        member(operation, options, "digest"),
        orderOf(operation, options),
      ]);
    return new Paged({ operation, begin, member: "tags", name: "name" }, options);
  }

  getAttributes(name, reference, options) {
    return this.#object("Tag_GetAttributes", name, reference, () => "", options);
  }

  updateAttributes(name, reference, value, options) {
    return this.#object("Tag_UpdateAttributes", name, reference, (operation) => json(operation, "value", value), options);
  }

  delete(name, reference, options) {
    const operation = "Tag_Delete";
    return run(options, async (stop) => {
      await this.#calls.call(operation, [text(operation, "name", name), text(operation, "reference", reference)], stop);
    });
  }

  #object(operation, name, reference, body, options) {
    return run(options, (stop) =>
      this.#calls.call(operation, [text(operation, "name", name), text(operation, "reference", reference), body(operation)], stop),
    );
  }
}
