import {Option} from "commander";
import {kindOf} from "../components/kinds.ts";
import {durationOption} from "../lib/command-line.ts";
import type {Topology} from "../lib/topology.ts";
import {type Health, healthIn, healthLimitMs, type Standing, untilHealthy} from "./health.ts";
import {HealthProgress} from "./health-text.ts";
import {Mender} from "./mend.ts";
import {asTyped} from "./open.ts";
import type {StackReference} from "./reference.ts";
import {type StackStatus, statusOf} from "./status.ts";
import {targetOf} from "./target.ts";
import {standingTopology} from "./topology.ts";

/** The state of a member whose main process the platform does not know (runner/members.ts). */
const gone = "gone";

/** `--health-limit`, in milliseconds. */
export function healthLimitOption(description: string): Option {
  return new Option("--health-limit <time>", description)
    .argParser(durationOption("--health-limit"))
    .default(healthLimitMs, `${healthLimitMs / 60_000}m`);
}

/** Waits until every member of the stack is healthy in its cluster, starts meanwhile what does not run, and tells each
 *  change. Gives what was seen last; undefined where the stack is not up. `command` is the one that waits. */
export async function waitHealthy(
  reference: StackReference,
  command: "up" | "heal",
  limitMs: number,
): Promise<Standing | undefined> {
  const topology = await standingTopology(reference);
  if (!topology) return undefined;
  const target = targetOf(topology);
  const mender = new Mender(reference.label);
  const health = await untilHealthy({
    look: () => statusOf(target, topology),
    limitMs,
    recover: () => mender.mend(),
    tell: new HealthProgress(limitMs).tell,
  });
  const longer = `./holdfast ${command} ${asTyped(reference)} --health-limit ${Math.ceil((limitMs * 5) / 60_000)}m`;
  const next = [...nextFor(reference, topology, health), `To wait longer: ${longer}`];
  return {...health, started: mender.started, next};
}

/** Starts what is down before the engine looks at the stack, and waits until who is there is healthy. The engine goes
 *  from member to member and waits for each, so that a cluster which needs several of its members to come back would
 *  never come. What cannot come is left to the engine, and to the wait after it. */
export async function bringBack(reference: StackReference, limitMs: number): Promise<void> {
  const topology = await standingTopology(reference);
  if (!topology) return;
  const mender = new Mender(reference.label);
  await mender.mend();
  if (mender.started.length === 0) return;
  const target = targetOf(topology);
  await untilHealthy({
    look: async () => withoutGone(await statusOf(target, topology)),
    limitMs,
    recover: () => mender.mend(),
    tell: new HealthProgress(limitMs).tell,
  });
}

/** Who is gone comes with the engine's update, and so does what is an alarm for want of it. */
function withoutGone(found: StackStatus): StackStatus {
  const members = found.members.filter(row => row.state !== gone);
  return {...found, members, alarms: [], healthy: members.every(row => row.healthy)};
}

/** How the stack stands at this moment; undefined where it is not up. Changes nothing. */
export async function lookHealth(reference: StackReference): Promise<Standing | undefined> {
  const topology = await standingTopology(reference);
  if (!topology) return undefined;
  const health = healthIn(await statusOf(targetOf(topology), topology));
  const heal = `To start what is down, and wait: ./holdfast heal ${asTyped(reference)}`;
  return {...health, started: [], next: [heal, ...nextFor(reference, topology, health)]};
}

/** What shows why, and what helps. */
function nextFor(reference: StackReference, topology: Topology, {unhealthy}: Health): string[] {
  const typed = asTyped(reference);
  const members = topology.components.flatMap(component => component.members);
  const out = topology.components.filter(
    ({kind, members}) => kindOf(kind).recovery && members.every(({name}) => unhealthy.some(one => one.member === name)),
  );
  const first = members.find(member => member.name === unhealthy[0]?.member)?.handle.containers?.main;
  const fenced = unhealthy.filter(one => one.state.startsWith("fenced"));
  const cluster = topology.components.find(
    ({kind, members}) => kindOf(kind).recovery && members.some(({name}) => name === fenced[0]?.member),
  );
  return [
    ...(cluster ? [`To see why ${fenced[0]!.member} is fenced: ./holdfast recover ${typed} ${cluster.name}`] : []),
    ...(unhealthy.some(one => one.state === gone) ? [`To make what is gone again: ./holdfast up ${typed}`] : []),
    ...out.map(({name}) => `To see whom ${name} waits for: ./holdfast recover ${typed} ${name}`),
    `To see them change: ./holdfast status ${typed} --watch`,
    ...(first ? [`To see why: docker logs --tail 50 ${first}`] : []),
  ];
}
