import {execFile} from "node:child_process";
import {chmod, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {promisify} from "node:util";
import type {CommandOutput} from "../lib/state/state.ts";
import {recipeOf} from "../platforms/docker/images.ts";
import type {ProcessSpec} from "../platforms/platform.ts";
import {resolved} from "./fake-platform.ts";

const run = promisify(execFile);

/** What a docker command left behind; `text` is all that it said. */
export type Said = CommandOutput & {text: string};

/** Runs the docker command line; never throws. */
export const docker = (...args: string[]): Promise<Said> =>
  run("docker", args, {encoding: "utf8", timeout: 60_000}).then(
    ({stdout, stderr}) => said(0, stdout, stderr),
    error => said(Number(error.code) || 1, String(error.stdout), String(error.stderr)),
  );

const said = (code: number, stdout: string, stderr: string): Said => ({code, stdout, stderr, text: stdout + stderr});

/** Runs processes of members as the docker platform does: read-only root, no capabilities but those named, no new
 *  privileges, group 0. */
export class ProcessRunner {
  readonly #prefix: string;
  readonly #made: string[] = [];
  readonly #folders: string[] = [];
  readonly #volumes = new Set<string>();

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
  ): Promise<Said> {
    const folder = await mkdtemp(join(tmpdir(), `${this.#prefix}-`));
    await chmod(folder, 0o750);
    this.#folders.push(folder);
    for (const file of spec.files ?? [])
      await writeFile(join(folder, file.name), await resolved(file.content), {mode: 0o440});
    const tmpfs = (spec.scratch ?? []).flatMap(s => [
      "--tmpfs",
      `${s.path}:size=${s.megabytes}m,mode=${s.mode}${s.uid ? `,uid=${s.uid}` : ""}`,
    ]);
    const volumes = (spec.volumes ?? []).map(v => ({name: `${this.#prefix}-${v.volume.name}`, path: v.path}));
    for (const volume of volumes) this.#volumes.add(volume.name);
    await docker("rm", "-f", `${this.#prefix}-${name}`);
    this.#made.push(`${this.#prefix}-${name}`);
    return docker(
      ...["run", "--name", `${this.#prefix}-${name}`, "--read-only", "--cap-drop", "ALL"],
      ...["--security-opt", "no-new-privileges:true", "--user", `${spec.user}:0`, "--network", network],
      ...(spec.capabilities ?? []).flatMap(capability => ["--cap-add", capability]),
      ...(spec.cpuShares ? ["--cpu-shares", String(spec.cpuShares)] : []),
      ...["-v", `${folder}:/holdfast:ro`, ...tmpfs, ...volumes.flatMap(v => ["-v", `${v.name}:${v.path}`])],
      ...Object.entries(spec.env ?? {}).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
      ...[...more, recipeOf(spec.image).tag, ...command],
    );
  }

  /** Removes everything that it made. */
  async remove(): Promise<void> {
    for (const name of this.#made.toReversed()) await docker("rm", "-f", name);
    for (const volume of this.#volumes) await docker("volume", "rm", volume);
    for (const folder of this.#folders) await rm(folder, {recursive: true});
  }
}
