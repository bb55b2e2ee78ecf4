import {note} from "../lib/output.ts";
import {countGone} from "./gone.ts";
import {stackObjects, stoppedProcesses} from "./objects.ts";
import type {OpenStack} from "./open.ts";

/** The engine compares with what it remembers. It looks again where something is down or gone, so that `up` brings it
 *  back and `preview` shows it. */
export async function mustRefresh(open: OpenStack): Promise<boolean> {
  const objects = await stackObjects(open.reference.label);
  const gone = countGone(open, objects);
  const down = stoppedProcesses(objects).length;
  if (gone > 0) note(`holdfast: ${gone} objects were removed by hand; the state is refreshed first`);
  else if (down > 0) note("holdfast: members are down; the state is refreshed first");
  const unhealthy = objects.filter(o => o.unhealthy).map(o => o.name);
  if (gone + down === 0 && unhealthy.length > 0)
    note(`holdfast: ${unhealthy.join(", ")} not healthy; the state is refreshed first`);
  return gone + down + unhealthy.length > 0;
}
