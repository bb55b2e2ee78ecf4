import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import {restartPolicy} from "../../lib/names.ts";
import {engineLimitMs} from "./docker-engine.ts";

/** Docker starts again what it has not ended itself, 0.1 s later. A word to it that comes after the end is too late on
 *  a busy machine: a container was up again for 10 s. So these are not started again until {@link letRestart}. */
export async function keepDown(docker: Docker, names: readonly string[]): Promise<void> {
  await setPolicy(docker, names, "no");
}

/** They are started again as the platform made them. Changes only those that are not. */
export async function letRestart(docker: Docker, names: readonly string[]): Promise<void> {
  const inspect = (name: string) =>
    within(engineLimitMs, `looking at ${name}`, docker.getContainer(name).inspect()).then(({HostConfig}) => ({
      name,
      policy: HostConfig.RestartPolicy?.Name,
    }));
  const kept = (await Promise.all(names.map(inspect))).filter(({policy}) => policy === "no");
  await setPolicy(
    docker,
    kept.map(({name}) => name),
    restartPolicy,
  );
}

async function setPolicy(docker: Docker, names: readonly string[], Name: string): Promise<void> {
  const set = (name: string) =>
    within(
      engineLimitMs,
      `docker update of ${name}`,
      docker.getContainer(name).update({RestartPolicy: {Name}}) as Promise<unknown>,
    );
  await Promise.all(names.map(set));
}
