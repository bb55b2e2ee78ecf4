/** Property values as the engine sends them: JSON, with marks for secrets and unknowns. */
export type Value = null | undefined | boolean | number | string | Value[] | Properties;
export interface Properties {
  [key: string]: Value;
}

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const resourceMark = "5cf8f73096256a8f31e491e813e4eb8e";

/** Stands for a value that is only known after the update; seen in previews. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const marked = (value: Value): string | undefined =>
  isObject(value) && typeof value[signature] === "string" ? value[signature] : undefined;

export const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Marks a value as secret: the engine encrypts it in the state and never prints it. */
export const secret = (value: Value): Properties => ({[signature]: secretMark, value});

/** True when the value as a whole is marked as secret. */
export const isSecret = (value: Value): boolean => marked(value) === secretMark;

/** The value without marks: secrets opened, references to resources as their ids, nulls left out. */
export function plain(value: Value): Value {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value.map(item => plain(item) ?? null);
  if (!isObject(value)) return value;
  const mark = marked(value);
  if (isSecret(value)) return plain(value.value);
  if (mark === resourceMark) return plain(value.id) ?? plain(value.urn);
  return plainProperties(value);
}

export function plainProperties(properties: Properties): Properties {
  const result: Properties = {};
  for (const [key, value] of Object.entries(properties)) {
    const opened = plain(value);
    if (opened !== undefined) result[key] = opened;
  }
  return result;
}

/** True when the value, or anything inside, is marked. */
export function hasSecret(value: Value): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isObject(value) && (isSecret(value) || Object.values(value).some(hasSecret));
}

/** True when the value, or anything inside, is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/**
 * Puts the marks of `originals` back on `result`: a property that is the same is taken with its own marks, one that
 * differs is marked as a whole when any original of that name had a mark inside. So nothing that was secret is ever
 * written in the clear.
 */
export function keepSecrets(result: Properties, ...originals: (Properties | undefined)[]): Properties {
  const kept: Properties = {};
  for (const [key, value] of Object.entries(result)) {
    if (value === undefined) continue;
    const guarded = originals.map(original => original?.[key]).filter(hasSecret);
    const same = guarded.find(original => canonical(plain(original)) === canonical(plain(value)));
    kept[key] = hasSecret(value) ? value : (same ?? (guarded.length ? secret(value) : value));
  }
  return kept;
}

/** JSON with sorted keys and without empty members: equal values give equal text. */
export function canonical(value: Value): string {
  return (
    JSON.stringify(value, (_key, item) =>
      isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) : item,
    ) ?? ""
  );
}

/** Without undefined members, which the wire cannot carry. */
export function wire(value: Value): NonNullable<Value> | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(wire);
  if (!isObject(value)) return value;
  const result: Properties = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) result[key] = wire(item);
  return result;
}

/** What is recorded of a resource: its inputs without the notes of the plugin itself, and its computed outputs. */
export const recordedOutputs = (inputs: Properties, computed: Properties): Properties => ({
  ...Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))),
  ...computed,
});
