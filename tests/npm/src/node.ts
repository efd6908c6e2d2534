// The same exercise in Node.
import { exercise } from "./exercise.js";

await exercise(process.env["ACR_ENDPOINT"] ?? "", "node/process");
console.log("passed");
