import {firstLine} from "../lib/problems.ts";
import {docker} from "../setup/engine.ts";
import type {StackObject, Started} from "./objects.ts";

/** One container, as far as its network goes. */
export interface Networked {
  id: string;
  name: string;
  running: boolean;
  /** Unix milliseconds. */
  startedAt: number;
  /** Id of the container whose network it joined; absent where it has its own. */
  joined?: string;
}

/** Processes that run on in a network which is no more: what holds it was started again after them. They can reach
 *  nobody, for ever, and their own restart joins the network that is there now. */
export function strandedIn(all: readonly Networked[]): Networked[] {
  const holders = new Map(all.map(one => [one.id, one]));
  return all.filter(({running, startedAt, joined}) => {
    const holder = joined === undefined ? undefined : holders.get(joined);
    return running && holder?.running === true && holder.startedAt > startedAt;
  });
}

/** Starts those anew, but for `leave`, and goes on where docker refuses one. Never throws for it. */
export async function restartStranded(objects: readonly StackObject[], leave: ReadonlySet<string>): Promise<Started> {
  const done: Started = {started: [], troubles: []};
  const members = objects.filter(o => o.kind === "container" && ["net", "main", "companion"].includes(o.role ?? ""));
  const looks = await Promise.all(members.map(o => look(o).catch(() => undefined)));
  const stranded = strandedIn(looks.filter(one => one !== undefined));
  for (const {id, name} of stranded.filter(one => !leave.has(one.name))) {
    try {
      await docker().getContainer(id).restart();
      done.started.push(name);
    } catch (error) {
      done.troubles.push(`${name} could not be started anew: ${firstLine(error)}`);
    }
  }
  return done;
}

async function look({id, name}: StackObject): Promise<Networked> {
  const {State, HostConfig} = await docker().getContainer(id).inspect();
  const joined = /^container:(.+)$/.exec(HostConfig.NetworkMode ?? "")?.[1];
  return {id, name, running: State.Running, startedAt: Date.parse(State.StartedAt), ...(joined ? {joined} : {})};
}
