// A ReadableStream of what wasm gives. It is JavaScript because its underlying source must be an object with methods.

/** `pull` resolves to the next chunk, or to undefined at the end; `cancel` is told when nobody wants more. */
export function readable(pull, cancel) {
  const source = {
    async pull(controller) {
      const chunk = await pull();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
    cancel,
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
