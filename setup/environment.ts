import {randomBytes} from "node:crypto";
import {chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {homedir} from "node:os";
import {delimiter, dirname, join} from "node:path";
import {projectState} from "../lib/paths.ts";
import {withLock} from "./lock.ts";
import {bundledPlugin, officialDockerPlugin} from "./plugins.ts";
import {pulumiBin, pulumiFolder} from "./pulumi.ts";

/** Variables that make plain `pulumi up` work: programs and plugins on PATH, and this project's state unless the user
 *  has an own. */
export async function environment(): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  const bundled = officialDockerPlugin() === undefined;
  const folders = [
    dirname(process.execPath),
    (await pulumiFolder()) ?? pulumiBin,
    bundledPlugin("holdfast"),
    ...(bundled ? [bundledPlugin("docker")] : []),
  ];
  const rest = (process.env.PATH ?? "")
    .split(delimiter)
    .filter(folder => !folders.includes(folder) && folder !== bundledPlugin("docker"));
  env.PATH = [...folders, ...rest].join(delimiter);
  env.PULUMI_SKIP_UPDATE_CHECK = "true";
  // With the bundled plugins nothing is to be downloaded: an attempt would only cost time where there is no network.
  if (bundled) env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
  if (process.env.NODE_COMPILE_CACHE) env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE;
  if (process.env.DOCKER_HOST) env.DOCKER_HOST = process.env.DOCKER_HOST;
  // Older Nodes warn that running .ts files is experimental.
  if (Number(process.versions.node.split(".")[0]) < 24)
    env.NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --disable-warning=ExperimentalWarning`.trim();
  if (!ownBackend()) env.PULUMI_BACKEND_URL = localBackend();
  if (!hasOwnPassphrase()) env.PULUMI_CONFIG_PASSPHRASE_FILE = await passphraseFile();
  return env;
}

/** The backend in files below this project. */
export function localBackend(): string {
  const folder = projectState("state");
  mkdirSync(folder, {recursive: true, mode: 0o700});
  return `file://${folder}`;
}

/** Where the states of stacks are kept: the project's own folder, or the user's own backend. */
export function backendUrl(): string {
  return ownBackend() || localBackend();
}

/** The backend that the user chose: by variable, or by `pulumi login`. */
export function ownBackend(): string | undefined {
  return process.env.PULUMI_BACKEND_URL || loggedInto();
}

function hasOwnPassphrase(): boolean {
  return process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || Boolean(process.env.PULUMI_CONFIG_PASSPHRASE_FILE);
}

function loggedInto(): string | undefined {
  const path = join(process.env.PULUMI_HOME || join(homedir(), ".pulumi"), "credentials.json");
  try {
    return JSON.parse(readFileSync(path, "utf8")).current || undefined;
  } catch {
    return undefined;
  }
}

/** Made once, readable for its owner alone. */
async function passphraseFile(): Promise<string> {
  const path = projectState("passphrase");
  if (!existsSync(path)) {
    await withLock(projectState("passphrase.lock"), 10_000, async () => {
      if (existsSync(path)) return;
      writeFileSync(path, `${randomBytes(24).toString("base64url")}\n`, {mode: 0o600});
      chmodSync(path, 0o600);
    });
  }
  return path;
}

/** Lines for `eval` in a shell. */
export function exportLines(env: Record<string, string>): string[] {
  return Object.entries(env).map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
}
