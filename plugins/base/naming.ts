import {createHash, randomBytes} from "node:crypto";
import {isObject, type Properties} from "./values.ts";

/** What the engine proposes for names that the program leaves out (`pulumi:autonaming` in the stack's settings). */
export interface Proposal {
  name: string;
  mode: "propose" | "enforce" | "disable";
}

/**
 * Inputs with a name: the program's own, or the one that the resource has, or a new one made of the resource's name and
 * seven digits. A name made up is noted in `__defaults`, as the official plugin does.
 */
export function withName(
  resource: string,
  news: Properties,
  olds: Properties,
  seed: Uint8Array,
  proposal: Proposal | undefined,
): Properties {
  if (news.name !== undefined) return {...news, __defaults: []};
  if (proposal?.mode === "disable") return news;
  const old = madeUp(olds) ? olds.name : undefined;
  const digits = seed.length ? createHash("sha256").update(seed).digest("hex") : randomBytes(8).toString("hex");
  const name = old ?? proposal?.name ?? `${resource}-${digits.slice(0, 7)}`;
  return {...news, name, __defaults: ["name"]};
}

/** True when the name was made up, so that an old and a new one can stand beside each other. */
export const madeUp = (inputs: Properties): boolean =>
  isObject(inputs) && Array.isArray(inputs.__defaults) && inputs.__defaults.includes("name");
