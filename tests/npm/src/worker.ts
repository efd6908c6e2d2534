// The same exercise where there is no document.
import { exercise } from "./exercise.js";

self.onmessage = async ({ data }: MessageEvent<{ endpoint: string; repository: string }>) => {
  try {
    await exercise(data.endpoint, data.repository);
    self.postMessage("passed");
  } catch (error) {
    self.postMessage(String(error));
  }
};
