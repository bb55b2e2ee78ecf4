import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from "node:fs";
import {homedir} from "node:os";
import {dirname, join} from "node:path";
import {cacheDir, projectRoot} from "../lib/paths.ts";
import {pulumiBin, pulumiFolder} from "./pulumi.ts";
import {answers, isProgram, run, which} from "./shell.ts";
import type {Status, Step} from "./step.ts";

/** Folder of a plugin of this project, to be put on PATH. */
export function bundledPlugin(name: string): string {
  return join(projectRoot, "plugins", name);
}

/** Whether the official docker plugin is installed: then it is used, and the bundled one stays off PATH. */
export function officialDockerPlugin(): string | undefined {
  const bundled = bundledPlugin("docker");
  const onPath = which("pulumi-resource-docker");
  if (onPath && dirname(onPath) !== bundled) return `on PATH, ${onPath}`;
  const home = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const plugins = join(home, "plugins");
  const major = dockerSdkVersion().split(".")[0];
  const found = existsSync(plugins)
    ? readdirSync(plugins).find(
        n => n.startsWith(`resource-docker-v${major}.`) && existsSync(join(plugins, n, "pulumi-resource-docker")),
      )
    : undefined;
  return found && `official, ${join(plugins, found)}`;
}

/** Made when the official plugin could not be had, so that later commands do not try again: the limit of an attempt is
 *  seconds, and a stack should not change its plugin from one command to the next. */
const unreachable = cacheDir("docker-plugin-unreachable");

/** The docker plugin: official where it is installed or can be downloaded, else the bundled one. */
export const dockerPluginStep: Step = {
  id: "docker-plugin",
  title: "Pulumi plugin docker",
  after: ["pulumi"],
  fix: `pulumi plugin install resource docker v${dockerSdkVersion()}`,
  async check(): Promise<Status> {
    const official = officialDockerPlugin();
    if (official) return {state: "ok", version: `v${dockerSdkVersion()}`, from: official};
    if (!isProgram(join(bundledPlugin("docker"), "pulumi-resource-docker")))
      return {state: "will be made", why: "downloaded from get.pulumi.com"};
    if (existsSync(unreachable)) {
      const day = readFileSync(unreachable, "utf8").slice(0, 10);
      const from = `plugins/docker (no official one to be had on ${day})`;
      return {state: "ok", version: "bundled", from};
    }
    return {state: "will be made", why: "downloaded from get.pulumi.com, else the bundled one is used"};
  },
  async make(say) {
    const folder = (await pulumiFolder()) ?? pulumiBin;
    if (await answers("https://get.pulumi.com/")) {
      say("downloading from get.pulumi.com");
      const args = ["plugin", "install", "resource", "docker", `v${dockerSdkVersion()}`];
      const done = await run(join(folder, "pulumi"), args, {limit: 120_000, log: "docker-plugin"}).catch(
        () => undefined,
      );
      if (done !== undefined && officialDockerPlugin()) return;
    }
    say("get.pulumi.com does not answer: using the bundled plugin");
    mkdirSync(dirname(unreachable), {recursive: true});
    writeFileSync(unreachable, `${new Date().toISOString()}\n`);
  },
};

/** This project's own plugin: gates, secrets and one-shots. Part of the checkout. */
export const ownPluginStep: Step = {
  id: "own-plugin",
  title: "Pulumi plugin holdfast",
  after: [],
  fix: "git checkout -- plugins",
  async check() {
    const there = isProgram(join(bundledPlugin("holdfast"), "pulumi-resource-holdfast"));
    return there
      ? {state: "ok", version: "bundled", from: "plugins/holdfast"}
      : {state: "by hand", why: "plugins/holdfast/pulumi-resource-holdfast is missing or not executable"};
  },
  async make() {},
};

function dockerSdkVersion(): string {
  return JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")).dependencies["@pulumi/docker"];
}
