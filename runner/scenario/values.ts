import {z} from "zod";
import {durationMs, ratePerSecond} from "../../lib/durations.ts";

/** Values that scenario files are made of. Messages complete the sentence "`path` is <value>. It ...". */

/** Of a duration in a scenario, and of its load as a whole. */
export const longestDurationMs = 86_400_000;

/** Of a step that is repeated, and of the faults of a random schedule. */
export const mostTimes = 1000;

export const durationNeeds = "takes a duration with its unit, such as 250ms, 5s or 2m";
export const duration = z
  .string({error: durationNeeds})
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, {error: durationNeeds})
  .transform(text => durationMs(text)!)
  // Longer is a typing error of a few zeros, and from 25 days on a timer of Node's would fire at once.
  .refine(ms => ms <= longestDurationMs, {error: "takes a duration of up to 24h"})
  .describe("Duration with its unit: 250ms, 5s, 2m.");
export const positiveDuration = duration.refine(ms => ms > 0, {error: "takes a duration above zero"});

const rateNeeds = "takes a rate with its unit, such as 200/s or 30/m";
export const rate = z
  .string({error: rateNeeds})
  .regex(/^\d+(\.\d+)?\/(s|m)$/, {error: rateNeeds})
  .transform(text => ratePerSecond(text)!)
  .refine(perSecond => perSecond > 0 && perSecond <= 20_000, {error: "takes a rate above zero and up to 20000/s"})
  .describe("Operations a second over all clients: 200/s.");

export const count = (low: number, high: number) => {
  const error = `takes a whole number from ${low} to ${high}, without a unit`;
  return z.number({error}).int({error}).min(low, {error}).max(high, {error});
};

export const text = (what: string) => z.string({error: `takes ${what}`}).min(1, {error: `takes ${what}`});

export const name = z
  .string({error: "takes a name"})
  .regex(/^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/, {
    error: "takes 1 to 32 lower-case letters, digits and hyphens, starting with a letter",
  })
  // Things are looked up by it.
  .refine(name => !(name in {}), {error: "takes a name that not every object has by birth, as this one"});

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {error: `takes ${values.map(v => JSON.stringify(v)).join(", ")}`});
