import {labels} from "../../lib/names.ts";
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

/** Removes them by id: containers first, because networks and volumes in use cannot go. Gives what is still there, with why. */
export async function removeObjects(objects: readonly StackObject[]): Promise<{object: StackObject; why: string}[]> {
  const engine = docker();
  const remove = {
    container: (o: StackObject) => engine.getContainer(o.id).remove({force: true, v: true}),
    network: (o: StackObject) => engine.getNetwork(o.id).remove(),
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

/** The order in which a member's processes start: the network that they share comes first. */
const startOrder = ["net", "main", "companion", "starter"];

/** Members' processes that do not run, in the order in which they must start, and the stack's starter. */
export function stoppedProcesses(objects: readonly StackObject[]): StackObject[] {
  return objects
    .filter(o => o.kind === "container" && startOrder.includes(o.role ?? "") && o.state !== "running")
    .filter(o => o.state !== "restarting")
    .sort((a, b) => startOrder.indexOf(a.role!) - startOrder.indexOf(b.role!));
}

/** Starts what is stopped and resumes what is paused. Companions that ran on in a network that is gone are not touched. Gives their names. */
export async function startStopped(objects: readonly StackObject[]): Promise<string[]> {
  await unpauseAll(objects);
  const stopped = stoppedProcesses(objects);
  for (const object of stopped) if (object.state !== "paused") await docker().getContainer(object.id).start();
  return stopped.map(o => o.name);
}
