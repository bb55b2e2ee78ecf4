import type Docker from "dockerode";
import type {TopologyMember} from "../../lib/topology.ts";
import type {ProcessLook} from "./target.ts";

/** Containers of the member by process: `main`, then companions, then `net`. */
export function processesOf(member: TopologyMember): Record<string, string> {
  const {main, net, companions} = containersOf(member);
  return {main, ...companions, ...(net ? {net} : {})};
}

/** The container whose network the others share. */
export function networkOf(member: TopologyMember): string {
  const {net, main} = containersOf(member);
  return net ?? main;
}

/** Their names. Errors: the member is on another platform. */
export function containersOf(member: TopologyMember): NonNullable<TopologyMember["handle"]["containers"]> {
  const {containers} = member.handle;
  if (!containers) throw new Error(`${member.name} is on ${member.handle.platform}; this target does docker.`);
  return containers;
}

/** What keeps its disk mounted. Errors: it has no disk of its own. */
export function keeperOf(member: TopologyMember): string {
  const {disk} = containersOf(member);
  if (!disk) throw new Error(`${member.name} has no disk of its own.`);
  return disk;
}

/** A container as the engine describes it. */
export function toLook(process: string, {State}: Docker.ContainerInspectInfo): ProcessLook {
  const health = State.Health?.Status as string | undefined;
  const check = State.Health?.Log?.at(-1);
  // The engine calls one that waits to be started again running, and there is no process.
  const running = State.Running && !State.Restarting;
  return {
    process,
    running,
    paused: State.Paused,
    since: Date.parse(running ? State.StartedAt : State.FinishedAt),
    incarnation: `${State.StartedAt} ${State.Pid}`,
    ...(running ? {} : {exitCode: State.ExitCode}),
    ...(health && health !== "none" ? {health: health as ProcessLook["health"]} : {}),
    ...(check ? {lastCheck: {at: Date.parse(String(check.End)), code: check.ExitCode, output: check.Output}} : {}),
  };
}
