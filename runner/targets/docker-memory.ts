import type Docker from "dockerode";
import {within} from "../../lib/limit.ts";
import {engineLimitMs} from "./docker-engine.ts";
import type {MemoryLook} from "./target.ts";

interface Stats {
  memory_stats: {usage?: number; limit?: number; stats?: Record<string, number>};
}

/** Memory of a container, and what the engine was told by the kernel when that ran out. */
export async function lookAtMemory(docker: Docker, name: string): Promise<MemoryLook> {
  const container = docker.getContainer(name);
  const [{HostConfig}, stats] = await within(
    engineLimitMs,
    `looking at the memory of ${name}`,
    Promise.all([container.inspect(), container.stats({stream: false, "one-shot": true}) as unknown as Promise<Stats>]),
  );
  return {
    limitBytes: HostConfig.Memory ?? 0,
    usedBytes: usedOf(stats),
    killsSince: ms => countKills(docker, name, ms),
  };
}

/** Everything but file caches, which the kernel gives back: by cgroup v1 or v2. Files in memory (tmpfs) stay. */
function usedOf({memory_stats: {usage = 0, stats = {}}}: Stats): number {
  const caches =
    (stats.total_inactive_file ?? stats.inactive_file ?? 0) + (stats.total_active_file ?? stats.active_file ?? 0);
  return Math.max(0, usage - caches);
}

/** The engine keeps its last events: `oom` is one. */
async function countKills(docker: Docker, name: string, since: number): Promise<number> {
  const seconds = (ms: number) => (ms / 1000).toFixed(3);
  const stream = await docker.getEvents({
    since: seconds(since),
    until: seconds(Date.now()),
    filters: {container: [name], event: ["oom"]},
  } as unknown as Docker.GetEventsOptions);
  let text = "";
  const read = (async () => {
    for await (const chunk of stream) text += chunk;
  })();
  await within(engineLimitMs, `reading the events of ${name}`, read);
  return text.split("\n").filter(line => line.includes('"oom"')).length;
}
