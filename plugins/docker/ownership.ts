import {createHash} from "node:crypto";
import type {Properties, Value} from "../base/values.ts";
import {canonical} from "../base/values.ts";

/** Label with the URN of the resource that a thing was made for: a crashed update's leftover is known by it. */
export const urnLabel = "io.holdfast.urn";
/** Label with a hash of the inputs that it was made from. */
export const specLabel = "io.holdfast.spec";
const ownLabels = [urnLabel, specLabel];

/** Short hash of inputs, for the label. */
export const specHash = (inputs: Properties): string =>
  createHash("sha256").update(canonical(inputs)).digest("hex").slice(0, 16);

/** Labels as the engine takes them, with the two of our own. */
export function withOwnLabels(urn: string, inputs: Properties): Record<string, string> {
  return {...toLabels(inputs.labels), [urnLabel]: urn, [specLabel]: specHash(inputs)};
}

/** `[{label, value}]` as the engine takes it. */
export const toLabels = (labels: Value): Record<string, string> =>
  Object.fromEntries(((labels ?? []) as {label: string; value: string}[]).map(({label, value}) => [label, value]));

/** The engine's labels as inputs, without our own and those in `ignored` with the same value. */
export const fromLabels = (
  labels: Record<string, string> | null | undefined,
  ignored?: Record<string, string> | null,
) =>
  Object.entries(labels ?? {})
    .filter(([label, value]) => !ownLabels.includes(label) && ignored?.[label] !== value)
    .map(([label, value]) => ({label, value}))
    .sort((a, b) => (a.label < b.label ? -1 : 1));

/** True when the thing was made for this resource. */
export const isOurs = (labels: Record<string, string> | null | undefined, urn: string): boolean =>
  labels?.[urnLabel] === urn;
