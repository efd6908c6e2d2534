// `client.repositories`.
import { fill, json, parse, run, text } from "./call.js";
import { Paged, range } from "./paged.js";

export class Repositories {
  #calls;

  constructor(calls) {
    this.#calls = calls;
  }

  list(options) {
    const operation = "Repository_GetList";
    const begin = (settings) => this.#calls.list(operation, ["", ...range(operation, options, settings)]);
    return new Paged({ operation, begin, member: "repositories" }, options);
  }

  getAttributes(name, options) {
    const operation = "Repository_GetAttributes";
    return run(options, (stop) => this.#calls.call(operation, [text(operation, "name", name)], stop));
  }

  updateAttributes(name, value, options) {
    const operation = "Repository_UpdateAttributes";
    return run(options, (stop) => this.#calls.call(operation, [text(operation, "name", name), "", json(operation, "value", value)], stop));
  }

  delete(name, options) {
    const operation = "Repository_Delete";
    return run(options, async (stop) => {
      const went = await this.#calls.call(operation, [text(operation, "name", name)], stop);
      // It is empty where the repository is gone and the answer that said what went was lost.
      return fill({ manifestsDeleted: null, tagsDeleted: null, ...parse(operation, went || "{}") }, ["manifestsDeleted", "tagsDeleted"]);
    });
  }
}
