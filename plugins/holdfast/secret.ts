import {randomBytes, randomInt} from "node:crypto";
import type {ResourceType} from "../base/resource.ts";
import {secret as mark, type Properties, type Value} from "../base/values.ts";

const digits = "0123456789";
const letters = "abcdefghijklmnopqrstuvwxyz";
const charsets: Record<string, string> = {
  alphanumeric: digits + letters + letters.toUpperCase(),
  lowercase: digits + letters,
  hex: `${digits}abcdef`,
};

/** A generated password. It stays until `length`, `charset` or `keepers` change. */
export const secret: ResourceType = {
  token: "holdfast:index:Secret",
  summary: "A generated password, kept encrypted in the state.",
  inputs: {
    length: {shape: "integer", default: 32, replace: true},
    charset: {shape: "string", default: "alphanumeric", only: Object.keys(charsets), replace: true},
    keepers: {shape: {map: "string"}, replace: true},
  },
  outputs: {value: {shape: "string", secret: true}},

  check(inputs) {
    const {length} = inputs;
    return typeof length === "number" && (length < 8 || length > 1024)
      ? [`input \`length\` is ${length}; it must be between 8 and 1024 characters`]
      : [];
  },

  async create(context, inputs) {
    const alphabet = charsets[String(inputs.charset ?? "alphanumeric")]!;
    const length = Number(inputs.length ?? 32);
    const value = Array.from({length}, () => alphabet[randomInt(alphabet.length)]).join("");
    return {id: `${context.name}-${randomBytes(4).toString("hex")}`, outputs: {value: mark(value)}};
  },

  async read(_context, id, inputs, outputs) {
    return inputs && {id, inputs, outputs: recordedValue(outputs)};
  },

  async update(_context, _id, old) {
    return recordedValue(old.outputs);
  },

  async delete() {},
};

const recordedValue = (outputs: Properties): Properties => ({value: mark(outputs.value as Value)});
