import {z} from "zod";
import {durationMs} from "../../lib/durations.ts";
import {bitsPerSecond, bytesPerSecond} from "../../lib/rates.ts";
import {count} from "../scenario/values.ts";

/** Values that faults take. Messages complete the sentence "`path` is <value>. It ...". */

const stepNeeds = "takes a duration with its sign and unit, such as -2h, 90s or +5m";
/** Milliseconds, forth or back. */
export const clockStep = z
  .string({error: stepNeeds})
  .regex(/^[+-]?\d+(\.\d+)?(ms|s|m|h)$/, {error: stepNeeds})
  .transform(text => durationMs(text.replace(/^[+-]/, ""))! * (text.startsWith("-") ? -1 : 1))
  .refine(ms => Math.abs(ms) >= 10_000, {error: "takes ten seconds or more: less is not told from a slow answer"});

export const percent = count(1, 99);

const linkNeeds = "takes bits a second with their unit, such as 512kbit or 1mbit";
/** As `tc` writes it. */
export const linkRate = z
  .string({error: linkNeeds})
  .refine(text => (bitsPerSecond(text) ?? 0) >= 8000, {error: `${linkNeeds}, at least 8kbit`});

const diskNeeds = "takes bytes a second with their unit, such as 512KiB/s or 1MiB/s";
export const diskRate = z
  .string({error: diskNeeds})
  .refine(text => (bytesPerSecond(text) ?? 0) >= 1024, {error: `${diskNeeds}, at least 1KiB/s`});
