import {execFile} from "node:child_process";
import {chmod, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import {recipeOf} from "../platforms/docker/images.ts";
import type {ProcessSpec} from "../platforms/platform.ts";
import {resolved} from "./fake-platform.ts";

const run = promisify(execFile);

/** Runs the docker command line; never throws. */
export const docker = (...args: string[]): Promise<{code: number; text: string}> =>
  run("docker", args, {encoding: "utf8", timeout: 60_000}).then(
    ({stdout, stderr}) => ({code: 0, text: stdout + stderr}),
    error => ({code: Number(error.code) || 1, text: `${error.stdout}${error.stderr}`}),
  );

/** Runs processes of members as the docker platform does: read-only root, no capabilities, no new privileges, group 0. */
export class ProcessRunner {
  readonly #prefix: string;
  readonly #made: string[] = [];
  readonly #folders: string[] = [];

  /** `prefix` begins the names of all containers and volumes. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Starts `<prefix>-<name>` in the network, with more options of `docker run`. */
  async start(
    name: string,
    spec: ProcessSpec,
    network: string,
    more: string[] = [],
    command = spec.command,
  ): Promise<{code: number; text: string}> {
    const folder = await mkdtemp(join(tmpdir(), `${this.#prefix}-`));
    await chmod(folder, 0o750);
    this.#folders.push(folder);
    for (const file of spec.files ?? [])
      await writeFile(join(folder, file.name), await resolved(file.content), {mode: 0o440});
    const tmpfs = (spec.scratch ?? []).flatMap(s => [
      "--tmpfs",
      `${s.path}:size=${s.megabytes}m,mode=${s.mode}${s.uid ? `,uid=${s.uid}` : ""}`,
    ]);
    const volumes = (spec.volumes ?? []).flatMap(v => ["-v", `${this.#prefix}-${v.volume.name}:${v.path}`]);
    await docker("rm", "-f", `${this.#prefix}-${name}`);
    this.#made.push(`${this.#prefix}-${name}`);
    return docker(
      ...["run", "--name", `${this.#prefix}-${name}`, "--read-only", "--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges:true", "--user", `${spec.user}:0`, "--network", network],
      ...["-v", `${folder}:/holdfast:ro`, ...tmpfs, ...volumes],
      ...Object.entries(spec.env ?? {}).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      ...[...more, recipeOf(spec.image).tag, ...command],
    );
  }

  /** Removes everything that it made, and these volumes. */
  async remove(volumes: string[]): Promise<void> {
    for (const name of this.#made.toReversed()) await docker("rm", "-f", name);
    for (const volume of volumes) await docker("volume", "rm", `${this.#prefix}-${volume}`);
    for (const folder of this.#folders) await rm(folder, {recursive: true});
  }
}
