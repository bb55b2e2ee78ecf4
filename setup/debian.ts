import {createReadStream, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";
import {debianImage} from "../platforms/docker/images.ts";
import {aptInstall} from "./apt.ts";
import {docker} from "./engine.ts";
import {answers, run, which} from "./shell.ts";
import type {Status, Step} from "./step.ts";

const official = "debian:bookworm-slim";
const suites = [
  "deb http://deb.debian.org/debian bookworm main",
  "deb http://deb.debian.org/debian bookworm-updates main",
  "deb http://deb.debian.org/debian-security bookworm-security main",
];

/** Debian as an image: pulled where a registry answers, else made from Debian's packages. */
export const debianStep: Step = {
  id: "debian",
  title: "Debian image",
  after: ["engine"],
  fix: `docker pull ${official} && docker tag ${official} ${debianImage}`,
  async check(): Promise<Status> {
    try {
      const image = await docker().getImage(debianImage).inspect();
      return {state: "ok", version: "bookworm", from: image.RepoTags?.includes(official) ? official : debianImage};
    } catch {
      return {state: "will be made", why: "pulled from Docker Hub, else made with mmdebstrap from Debian's packages"};
    }
  },
  async make(say) {
    if (!(await pull(say))) await bootstrap(say);
  },
};

async function pull(say: (line: string) => void): Promise<boolean> {
  const engine = docker();
  const local = await engine
    .getImage(official)
    .inspect()
    .then(
      () => true,
      () => false,
    );
  if (!local) {
    const mirrors = (await engine.info()).RegistryConfig?.Mirrors ?? [];
    if (mirrors.length === 0 && !(await answers("https://registry-1.docker.io/v2/"))) return false;
    say(`pulling ${official} from Docker Hub`);
    try {
      await follow(await docker(120_000).pull(official));
    } catch (error) {
      say(`the pull failed (${(error as Error).message})`);
      return false;
    }
  }
  const [repo = "", tag = ""] = debianImage.split(":");
  await engine.getImage(official).tag({repo, tag});
  return true;
}

async function bootstrap(say: (line: string) => void): Promise<void> {
  const root = process.getuid?.() === 0;
  if (!which("mmdebstrap")) {
    if (!root || !which("apt-get")) {
      throw new CliError(
        "No registry answers and there is no mmdebstrap to make a Debian image with. Install it (Debian: sudo apt-get install mmdebstrap), or load debian:bookworm-slim into the engine.",
        exitCodes.unavailable,
      );
    }
    say("installing mmdebstrap from Debian's packages");
    await aptInstall(["mmdebstrap", "debian-archive-keyring"], "apt-mmdebstrap");
  }
  say("making Debian bookworm with mmdebstrap from Debian's packages");
  const archive = join(tmpdir(), `holdfast-debian-${process.pid}.tar`);
  try {
    const mode = root ? [] : ["--mode=unshare"];
    await run(
      "mmdebstrap",
      [...mode, "--variant=minbase", "--include=ca-certificates", "bookworm", archive, ...suites],
      {limit: 600_000, log: "mmdebstrap"},
    );
    const [repo = "", tag = ""] = debianImage.split(":");
    // The types of dockerode know a file name alone; it takes a stream as well.
    const engine = docker() as unknown as {
      importImage(file: NodeJS.ReadableStream, options: {repo?: string; tag?: string}): Promise<NodeJS.ReadableStream>;
    };
    await follow(await engine.importImage(createReadStream(archive), {repo, tag}));
  } finally {
    rmSync(archive, {force: true});
  }
}

/** Reads the engine's messages to their end. Errors: any of them is an error. */
async function follow(stream: NodeJS.ReadableStream): Promise<void> {
  const engine = docker();
  const lines = await new Promise<{error?: string}[]>((resolve, reject) =>
    engine.modem.followProgress(stream, (error, output) => (error ? reject(error) : resolve(output))),
  );
  const bad = lines.find(l => l.error);
  if (bad) throw new Error(bad.error);
}
