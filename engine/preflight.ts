import {statfs} from "node:fs/promises";
import {CliError, exitCodes} from "../lib/exit.ts";
import {docker} from "../setup/engine.ts";

/** Free space below which members would stop with errors that are hard to read, in bytes. */
const needed = 2 * 1024 ** 3;

/** What would make an update fail half-way is refused before it begins. Errors: the engine's disk is nearly full. */
export async function preflight(): Promise<void> {
  const info = await docker(10_000).info();
  const folder: string = info.DockerRootDir;
  // A remote engine's folder is not ours to look into.
  const free = await statfs(folder).then(
    s => s.bavail * s.bsize,
    () => undefined,
  );
  if (free !== undefined && free < needed) {
    throw new CliError(
      `Only ${Math.round(free / 1024 ** 2)} MiB are free in ${folder}; a stack needs 2048 MiB. Make room: docker system df shows what takes it.`,
      exitCodes.unavailable,
    );
  }
}
