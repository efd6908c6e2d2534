// Lists: an iterator over items whose `byPage` iterates over pages. The wasm side says what to ask for next and when the list ends, so
// that it ends, goes on and fails here as it does in Rust.
import { abortError, failure, fill, inTurn, member, signalOf, text, until, whole } from "./call.js";

/** The arguments of a list at the wasm side that come from its options and from the settings of `byPage`. */
export function range(operation, options, settings) {
  const count = member(operation, settings, "maxPageSize", whole, 2 ** 32 - 1) ?? member(operation, options, "n", whole, 2 ** 32 - 1);
  return [member(operation, options, "last"), count, member(operation, settings, "continuationToken")];
}

/** The items of an answer, none where the registry said `null`. */
function itemsOf({ operation, member }, object) {
  const items = object[member] ?? [];
  if (!Array.isArray(items)) throw failure(operation, `the registry's answer has no list ${member}`, "decode");
  return items;
}

/** An iterator over the pages of a list. */
class Pages {
  #list;
  #signal;
  #settings;
  /** The list at the wasm side; `undefined` before its first page, `null` behind its last. */
  #open;
  #inTurn = inTurn();

  constructor(list, signal, settings) {
    this.#list = list;
    this.#signal = signal;
    this.#settings = settings;
  }

  next() {
    return until(this.#signal, (stop) => this.#next(stop), this.#inTurn);
  }

  return() {
    return this.#inTurn(() => this.#end());
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async #next(stop) {
    const { begin, name, shape = (items) => items, otherwise } = this.#list;
    if (this.#open === null) return this.#end();
    this.#open ??= begin(this.#settings);
    let object;
    try {
      object = await this.#open.fetch(stop);
    } catch (error) {
      if (!otherwise || error.kind !== "not-found") throw error;
      const items = shape(itemsOf(this.#list, await otherwise(stop)));
      this.#end();
      return { done: false, value: { items } };
    }
    if (object === undefined) return this.#end();
    const items = itemsOf(this.#list, object);
    const last = name ? items.at(-1)?.[name] : items.at(-1);
    const continuationToken = this.#open.advance(items.length, typeof last === "string" ? last : undefined);
    const page = { items: shape(items) };
    if (continuationToken !== undefined) page.continuationToken = continuationToken;
    return { done: false, value: page };
  }

  #end() {
    this.#open?.free();
    this.#open = null;
    return { done: true, value: undefined };
  }
}

/**
 * An iterator over the items of a list: `begin(settings)` opens it at the wasm side, `member` of an answer holds its items, `name` of an
 * item is what the list goes on behind, `shape` finishes the items of a page, and `otherwise(stop)` is asked where the registry does not
 * know the list itself.
 */
export class Paged {
  #list;
  #signal;
  #pages;
  #items = [];
  #at = 0;
  #inTurn = inTurn();

  constructor(list, options) {
    this.#list = list;
    this.#signal = signalOf(options);
    this.#pages = this.byPage();
  }

  next() {
    return this.#inTurn(async () => {
      if (this.#signal?.aborted) throw abortError();
      while (this.#at >= this.#items.length) {
        const { done, value } = await this.#pages.next();
        if (done) return { done, value };
        this.#items = value.items;
        this.#at = 0;
      }
      return { done: false, value: this.#items[this.#at++] };
    });
  }

  return() {
    return this.#inTurn(() => {
      this.#items = [];
      return this.#pages.return();
    });
  }

  byPage(settings) {
    return new Pages(this.#list, this.#signal, settings);
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
