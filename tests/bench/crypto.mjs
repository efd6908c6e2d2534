// The one function of node:crypto that Microsoft's client calls, by the smallest package that has it.
import createHash from "sha.js";

export default { createHash };
