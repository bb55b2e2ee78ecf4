import {nanoseconds, type Property, type Shape, type Table} from "./table.ts";
import {canonical, hasUnknown, isObject, type Properties, type Value} from "./values.ts";

export type Kind = "add" | "delete" | "update";

/** One input that differs. */
export interface Change {
  key: string;
  kind: Kind;
  replace: boolean;
  /** It is an output that differs from what it should be, and no input. */
  output?: boolean;
}

/**
 * What changed from the old inputs to the new, by the rules of the table: a value left out is the same as its default
 * or as an empty one, sets have no order, durations are compared as time. An unknown new value counts as a change.
 */
export function diffTable(table: Table, olds: Properties, news: Properties): Change[] {
  const changes: Change[] = [];
  for (const [key, property] of Object.entries(table)) {
    const before = normal(property, olds[key]);
    const after = normal(property, news[key]);
    if (canonical(before) === canonical(after) && !hasUnknown(after)) continue;
    const kind = olds[key] === undefined ? "add" : news[key] === undefined ? "delete" : "update";
    changes.push({key, kind, replace: property.replace ?? false});
  }
  return changes;
}

/** True when the property means the same in both. */
export const sameValue = (property: Property, a: Value, b: Value): boolean =>
  canonical(normal(property, a)) === canonical(normal(property, b));

/** The value in one form: equal meaning gives equal JSON. */
export function normal(property: Property, value: Value): Value {
  const given = value === "" || value === null ? undefined : value;
  const shaped = normalShape(property.shape, given ?? property.default);
  if (property.set && Array.isArray(shaped)) return [...shaped].sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  return shaped;
}

function normalShape(shape: Shape, value: Value): Value {
  if (value === undefined || value === null || value === "" || value === false) return undefined;
  if (shape === "duration") return nanoseconds(value) ?? value;
  if (typeof shape === "string") return value;
  if ("list" in shape) {
    if (!Array.isArray(value)) return value;
    return value.length ? value.map(item => normalShape(shape.list, item) ?? item) : undefined;
  }
  if (!isObject(value)) return value;
  const result: Properties = {};
  if ("map" in shape) {
    for (const [key, item] of Object.entries(value)) if (item !== undefined) result[key] = item;
  } else {
    for (const [key, property] of Object.entries(shape.object)) {
      const item = normal(property, value[key]);
      if (item !== undefined) result[key] = item;
    }
  }
  return Object.keys(result).length ? result : undefined;
}
