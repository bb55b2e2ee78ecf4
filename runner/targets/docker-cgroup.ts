import {readFile} from "node:fs/promises";

/** What the kernel says of the control groups of a container. `pid`: its first process on this machine; undefined where
 *  the engine is on another one, or has process numbers of its own. */
export async function cgroupsOf(id: string, pid: number): Promise<string | undefined> {
  const cgroups = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
  return cgroups.includes(id) ? cgroups : undefined;
}

/** The folder with a controller's files, by the version of the control groups. */
export function controllerIn(cgroups: string, controller: string): {version: 1 | 2; folder: string} {
  const v1 = new RegExp(`^\\d+:[^:]*\\b${controller}\\b[^:]*:(.*)$`, "m").exec(cgroups)?.[1];
  if (v1 !== undefined) return {version: 1, folder: `/sys/fs/cgroup/${controller}${v1}`};
  return {version: 2, folder: `/sys/fs/cgroup${/^0::(.*)$/m.exec(cgroups)?.[1] ?? ""}`};
}
