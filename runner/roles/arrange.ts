import type {Asking} from "../../lib/roles.ts";
import type {Scenario} from "../scenario/scenario.ts";
import {gather} from "./gather.ts";
import {beginWith} from "./move-writes.ts";

/** Before the load: brings the writes of every component where the scenario and its faults want them. Gives what was
 *  moved, for people. */
export async function arrangeWriters(asking: Asking, {writer, faults}: Scenario): Promise<string[]> {
  const moved = await beginWith(asking, writer);
  for (const {where} of faults) if ("zoneOf" in where) moved.push(...(await gather(asking, where.zoneOf)));
  return moved;
}
