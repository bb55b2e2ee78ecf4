import {z} from "zod";
import {showMs} from "../../lib/durations.ts";
import {positiveDuration} from "../scenario/values.ts";
import type {Fault, Hit} from "./fault.ts";

const overMs = ({return: back}: Hit["params"]) => (back as {over: number} | undefined)?.over;

/** For faults whose victims are down until they are started: in which order, and when, is the seed's. Without it all
 *  start at once. */
export const returning: Required<Pick<Fault, "keys" | "plan" | "detail" | "healAfterMs">> = {
  keys: {
    return: z
      .strictObject({over: positiveDuration.describe("The last one starts at most so much later.")})
      .optional()
      .describe(
        "How they come back, when the fault is healed: each at a time of its own, by the seed. Default all at once.",
      ),
  },
  plan: (placed, {params, random}) => {
    const over = overMs(params);
    return placed.map(({member}) => ({
      member,
      params: over === undefined ? params : {...params, returnsAfterMs: random.below(over + 1)},
    }));
  },
  detail: params => {
    const over = overMs(params);
    return over === undefined ? undefined : `(back over ${showMs(over)})`;
  },
  healAfterMs: ({params}) => (params.returnsAfterMs as number | undefined) ?? 0,
};
