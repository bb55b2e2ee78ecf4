import {isObject, isSecret, type Properties, secret, unknown, type Value} from "./values.ts";

/** Shape of a value: a scalar, a list of a shape, a map of strings, or an object with its own table. */
export type Shape =
  | "string"
  | "integer"
  | "number"
  | "boolean"
  | "duration"
  | {list: Shape}
  | {map: Shape}
  | {object: Table};

/** One input of a resource type. */
export interface Property {
  shape: Shape;
  required?: boolean;
  /** A change replaces the resource. */
  replace?: boolean;
  /** Leaving it out is the same as this. */
  default?: Value;
  /** A list whose order means nothing. */
  set?: boolean;
  /** The only values allowed. */
  only?: readonly string[];
  /** The state has it encrypted, whether the program marks it or not. */
  secret?: boolean;
}

export type Table = Record<string, Property>;

/** Every problem of the inputs against their table. `notServed` words the refusal of a name that is not in it. */
export function checkTable(table: Table, inputs: Properties, notServed: (path: string) => string, path = ""): string[] {
  const problems: string[] = [];
  for (const key of Object.keys(inputs)) {
    if (inputs[key] === undefined || (path === "" && key.startsWith("__"))) continue;
    if (!Object.hasOwn(table, key)) problems.push(notServed(path + key));
  }
  for (const [key, property] of Object.entries(table)) {
    const value = inputs[key];
    if (value === undefined || value === null) {
      if (property.required) problems.push(`input \`${path}${key}\` is missing`);
      continue;
    }
    if (value === unknown) continue;
    problems.push(...checkShape(property.shape, value, path + key, notServed));
    if (property.only && typeof value === "string" && !property.only.includes(value)) {
      problems.push(`input \`${path}${key}\` is "${value}"; allowed: ${property.only.join(", ")}`);
    }
  }
  return problems;
}

function checkShape(shape: Shape, value: Value, path: string, notServed: (path: string) => string): string[] {
  if (value === unknown) return [];
  const wrong = (expected: string) => [`input \`${path}\` must be ${expected}, not ${describe(value)}`];
  if (shape === "string") return typeof value === "string" ? [] : wrong("a string");
  if (shape === "boolean") return typeof value === "boolean" ? [] : wrong("true or false");
  if (shape === "number") return typeof value === "number" ? [] : wrong("a number");
  if (shape === "integer") return Number.isInteger(value) ? [] : wrong("a whole number");
  if (shape === "duration") {
    return nanoseconds(value) !== undefined ? [] : wrong('a duration such as "500ms", "2s" or "1m30s"');
  }
  if ("list" in shape) {
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((item, i) => checkShape(shape.list, item, `${path}[${i}]`, notServed));
  }
  if (!isObject(value)) return wrong("an object");
  if ("map" in shape) {
    return Object.entries(value).flatMap(([key, item]) => checkShape(shape.map, item, `${path}.${key}`, notServed));
  }
  return checkTable(shape.object, value, notServed, `${path}.`);
}

/** Marks the inputs that are secret by their table, in objects too; what is marked already stays as it is. */
export function markSecrets(table: Table, inputs: Properties): Properties {
  const result = {...inputs};
  for (const [key, {shape, secret: isHidden}] of Object.entries(table)) {
    const value = inputs[key];
    if (value === undefined || value === null || value === unknown || isSecret(value)) continue;
    if (isHidden) result[key] = secret(value);
    else if (typeof shape === "object" && "object" in shape && isObject(value)) {
      result[key] = markSecrets(shape.object, value);
    }
  }
  return result;
}

const describe = (value: Value) =>
  value === null || value === undefined
    ? "nothing"
    : Array.isArray(value)
      ? "a list"
      : isObject(value)
        ? "an object"
        : `a ${typeof value}`;

const units: Record<string, number> = {ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9};

/** Nanoseconds of a duration as Go writes it (`1m30s`, `250ms`, `0`); undefined when it is none. */
export function nanoseconds(text: Value): number | undefined {
  if (typeof text !== "string") return undefined;
  if (text === "0") return 0;
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
    total += Number(number) * units[unit!]!;
  return Math.round(total);
}

/** The shortest exact text of a number of nanoseconds. */
export function duration(ns: number): string {
  for (const [unit, size] of [
    ["h", 3600e9],
    ["m", 60e9],
    ["s", 1e9],
    ["ms", 1e6],
    ["us", 1e3],
  ] as const) {
    if (ns !== 0 && ns % size === 0) return `${ns / size}${unit}`;
  }
  return ns === 0 ? "0s" : `${ns}ns`;
}
