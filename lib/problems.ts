/** One thing that is wrong with an input: where it stands and a sentence that says what is allowed and what to do. */
export interface Problem {
  /** Path of the property, such as `members` or `frontEnds[1].port`. Empty for the whole. */
  path: string;
  /** Names the value, what is allowed and what to write instead. */
  message: string;
}

/** Formats a value for a message: strings quoted, objects as JSON, long values cut, what cannot be seen or turns the
 *  text round as its code. */
export function show(value: unknown): string {
  const text = (asJson(value) ?? String(value)).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, codeOf);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

const codeOf = (character: string) => `\\u{${character.codePointAt(0)!.toString(16)}}`;

/** YAML can hold what refers to itself, which JSON cannot. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return "a value that holds itself";
  }
}

/** Joins alternatives for a message: `"a", "b" or "c"`. */
export function either(values: readonly unknown[]): string {
  const shown = values.map(show);
  return shown.length < 2 ? (shown[0] ?? "nothing") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

/** The first line of an error, at most 200 characters, for a state or a log that people read. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!.slice(0, 200);
}

/** An input was refused. Carries every problem at once, so that one run is enough to mend them all. */
export class InputError extends Error {
  declare readonly who: string;
  declare readonly problems: readonly Problem[];

  constructor(who: string, problems: readonly Problem[]) {
    super(problems.map(p => `${who}: ${p.path ? `\`${p.path}\` ` : ""}${p.message}`).join("\n"));
    this.name = "InputError";
    // The message is all that people need: engines print an error that nobody caught with its stack and every property
    // that they can list.
    this.stack = this.message;
    Object.defineProperties(this, {who: {value: who}, problems: {value: problems}});
  }
}

/** Throws one {@link InputError} when there is any problem. */
export function refuse(who: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new InputError(who, problems);
}

/** A problem unless `value` is a whole number from `low` to `high`. */
export function wholeNumber(path: string, value: unknown, low: number, high: number, instead = ""): Problem[] {
  if (typeof value === "number" && Number.isInteger(value) && value >= low && value <= high) return [];
  return [
    {
      path,
      message: `is ${show(value)}. It takes a whole number from ${low} to ${high}.${instead ? ` ${instead}` : ""}`,
    },
  ];
}

/** A problem unless `value` is one of `allowed`. */
export function oneOf(path: string, value: unknown, allowed: readonly unknown[]): Problem[] {
  return allowed.includes(value) ? [] : [{path, message: `is ${show(value)}. It takes ${either(allowed)}.`}];
}

/** A problem for each value that stands more than once. */
export function unique(path: string, values: readonly unknown[], what = "value"): Problem[] {
  const twice = new Set(values.filter((value, i) => values.indexOf(value) !== i));
  return [...twice].map(value => ({
    path,
    message: `has the ${what} ${show(value)} more than once. Each must be different.`,
  }));
}

/** Names of resources: DNS labels, because they become host names, container names and Kubernetes names. */
export function resourceName(path: string, value: unknown): Problem[] {
  if (typeof value === "string" && /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/.test(value)) return [];
  return [
    {
      path,
      message: `is ${show(value)}. It takes 1 to 32 lower-case letters, digits and hyphens, starting with a letter.`,
    },
  ];
}
