import {either, InputError, show} from "../lib/problems.ts";

/** Reads a list with commas; all of `known` where it is absent. Errors: one that is not known. */
export function namesIn(option: string, text: string | undefined, known: readonly string[]): string[] {
  if (text === undefined) return [...known];
  const names = text.split(",").map(name => name.trim());
  const unknown = names.filter(name => !known.includes(name));
  if (unknown.length > 0)
    throw new InputError(
      option,
      unknown.map(name => ({path: "", message: `has ${show(name)}. It takes ${either(known)}, several with commas.`})),
    );
  return known.filter(name => names.includes(name));
}
