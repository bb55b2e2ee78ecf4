import {dropGhosts, whyKept} from "../lib/ghosts.ts";
import {labels} from "../lib/names.ts";
import {firstLine} from "../lib/problems.ts";
import {docker} from "../setup/engine.ts";

/** An object of the docker engine that carries a stack's label. */
export interface StackObject {
  kind: "container" | "network" | "volume";
  id: string;
  name: string;
  /** For containers: `running`, `paused`, `exited`. */
  state?: string;
  /** For containers: their health check fails. */
  unhealthy?: boolean;
  /** For containers: `net`, `main`, `companion`, `starter`, `job`, `workload`. */
  role?: string;
  /** The scenario run that started it, for workload clients. */
  run?: string;
}

/** Everything of a stack that the docker engine has, by label, whatever made it. */
export async function stackObjects(label: string): Promise<StackObject[]> {
  const engine = docker();
  const filters = {label: [`${labels.stack}=${label}`]};
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({all: true, filters}),
    engine.listNetworks({filters}),
    engine.listVolumes({filters}),
  ]);
  return [
    ...containers.map(c => ({
      kind: "container" as const,
      id: c.Id,
      name: c.Names[0]?.replace(/^\//, "") ?? c.Id.slice(0, 12),
      state: c.State,
      unhealthy: c.Status.includes("(unhealthy)"),
      role: c.Labels[labels.role],
      run: c.Labels[labels.run] ?? (c.Labels[labels.role] === "workload" ? "" : undefined),
    })),
    ...networks.map(n => ({kind: "network" as const, id: n.Id, name: n.Name})),
    ...(volumes.Volumes ?? []).map(v => ({kind: "volume" as const, id: v.Name, name: v.Name})),
  ];
}

/** Removes them by id: containers first, because networks and volumes in use cannot go. Gives what is still there, with
 *  why. */
export async function removeObjects(objects: readonly StackObject[]): Promise<{object: StackObject; why: string}[]> {
  const engine = docker();
  const remove = {
    container: (o: StackObject) => engine.getContainer(o.id).remove({force: true, v: true}),
    network: (o: StackObject) => removeNetwork(o),
    volume: (o: StackObject) => engine.getVolume(o.id).remove(),
  };
  const left: {object: StackObject; why: string}[] = [];
  for (const kind of ["container", "network", "volume"] as const) {
    await Promise.all(
      objects
        .filter(o => o.kind === kind)
        .map(async object => {
          try {
            await remove[kind](object);
          } catch (error) {
            if ((error as {statusCode?: number}).statusCode !== 404) left.push({object, why: (error as Error).message});
          }
        }),
    );
  }
  return left;
}

/** Also one that docker keeps for containers which are gone. */
async function removeNetwork({id, name}: StackObject): Promise<void> {
  const {users} = await dropGhosts(docker(), id);
  try {
    await docker().getNetwork(id).remove();
  } catch (error) {
    if ((error as {statusCode?: number}).statusCode === 404) throw error;
    throw new Error(whyKept(name, firstLine(error), users));
  }
}

/** Lets paused containers go on: a paused one can neither stop in good order nor be asked for its health. */
export async function unpauseAll(objects: readonly StackObject[]): Promise<string[]> {
  const paused = objects.filter(o => o.state === "paused");
  await Promise.all(paused.map(o => docker().getContainer(o.id).unpause()));
  return paused.map(o => o.name);
}

/** Asks every running container to stop, all at the same time. What does not is left to whoever removes it. */
export async function stopAll(objects: readonly StackObject[]): Promise<void> {
  const running = objects.filter(o => o.kind === "container" && o.state === "running");
  await Promise.all(
    running.map(o =>
      docker()
        .getContainer(o.id)
        .stop()
        .catch(() => undefined),
    ),
  );
}

/** The order in which a member's processes start: what keeps its disk, then the network that they share. */
const startOrder = ["disk", "net", "main", "companion", "starter"];

/** Members' processes that do not run, in the order in which they must start, and the stack's starter. */
export function stoppedProcesses(objects: readonly StackObject[]): StackObject[] {
  return objects
    .filter(o => o.kind === "container" && startOrder.includes(o.role ?? "") && o.state !== "running")
    .filter(o => o.state !== "restarting")
    .sort((a, b) => startOrder.indexOf(a.role!) - startOrder.indexOf(b.role!));
}

/** What was done to bring processes of members back. */
export interface Started {
  /** Names of those that were started, resumed or started anew. */
  started: string[];
  /** What docker refused, in sentences that name the process. */
  troubles: string[];
}

/** Resumes what is paused and starts what is stopped, and goes on where docker refuses one. Never throws for it. */
export async function startStopped(objects: readonly StackObject[]): Promise<Started> {
  const done: Started = {started: [], troubles: []};
  const frozen = objects.filter(o => o.state === "paused");
  for (const {id, name, state} of [...frozen, ...stoppedProcesses(objects).filter(o => o.state !== "paused")]) {
    const container = docker().getContainer(id);
    try {
      await (state === "paused" ? container.unpause() : container.start());
      done.started.push(name);
    } catch (error) {
      // It was started, or went on, by itself meanwhile, or is gone: whoever looks next sees it.
      if ([304, 404].includes((error as {statusCode?: number}).statusCode ?? 0)) continue;
      done.troubles.push(`${name} could not be started: ${firstLine(error)}`);
    }
  }
  return done;
}
