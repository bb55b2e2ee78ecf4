import {setTimeout as sleep} from "node:timers/promises";
import {LimitError, type Look, unlessAborted, until} from "../../lib/limit.ts";
import {membersOf} from "../members.ts";
import type {RunContext} from "./context.ts";
import {askAll, describe, splits} from "./ready.ts";

/** How long every member must stay healthy. */
const steadyMs = 2000;
/** How much longer than its bound the recovery is waited for, so that a late one has a figure. */
const graceMs = 30_000;

/** Waits until every member is healthy in its cluster and has stayed so for a moment. Returns how long it took from
 *  `since`, Unix milliseconds. Throws a {@link LimitError} with what was last seen. */
export async function settle(context: RunContext, since: number): Promise<number> {
  const {target, topology, signal, scenario} = context;
  const all = membersOf(topology);
  const end = since + scenario.bounds.recovered + graceMs;
  for (;;) {
    let waiting = all;
    const limitMs = end - Date.now();
    await until("Every member healthy again", {limitMs, everyMs: 1000, signal}, async (): Promise<Look<true>> => {
      const answers = await askAll(target, waiting);
      waiting = answers.filter(a => !a.state.healthy).map(a => a.placed);
      return waiting.length === 0 ? {done: true} : {seen: describe(answers)};
    });
    const recovered = Date.now();
    await sleep(steadyMs, undefined, {signal});
    const again = await unlessAborted(signal, askAll(target, all));
    const split = splits(topology, again);
    if (again.every(a => a.state.healthy) && !split) return recovered - since;
    if (Date.now() >= end)
      throw new LimitError(`Every member healthy again: not steady. Last seen: ${split ?? `${describe(again)}.`}`);
  }
}
