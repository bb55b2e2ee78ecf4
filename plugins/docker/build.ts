import {createHash} from "node:crypto";
import {readdir} from "node:fs/promises";
import {isAbsolute, relative, resolve} from "node:path";
import type {ImageBuildOptions} from "dockerode";
import type {Context} from "../base/resource.ts";
import {canonical, type Properties} from "../base/values.ts";
import {clear, engine} from "./client.ts";

/** Lines of the build's log that an error repeats. */
const errorLines = 30;

/** Label with a hash of the build's settings, so that an image of the same tag that was built otherwise is not taken
 *  for it. */
export const buildLabel = "io.holdfast.build";

/** Hash of what decides the image besides the context's path: its content is meant to be in the tag. */
export function buildHash(build: Properties, triggers: Properties): string {
  const {context: _path, tags: _tags, ...settings} = build;
  return createHash("sha256").update(canonical({settings, triggers})).digest("hex").slice(0, 16);
}

interface Build {
  context: string;
  dockerfile?: string;
  buildArgs?: Record<string, string>;
  tags?: string[];
  labels?: Record<string, string>;
  label?: Record<string, string>;
  target?: string;
  noCache?: boolean;
  networkMode?: string;
  extraHosts?: string[];
  cacheFroms?: string[];
  memory?: number;
  forceRemove?: boolean;
  remove?: boolean;
  pullParent?: boolean;
}

/** Builds an image from a folder with the engine's classic builder. An error repeats the end of the build's log. */
export async function buildImage(context: Context, name: string, inputs: Properties, hash: string): Promise<void> {
  const build = inputs as unknown as Build;
  const folder = resolve(build.context);
  const files = await readdir(folder).catch(() => {
    throw new Error(`building ${name}: the folder ${folder} (build.context) cannot be read`);
  });
  const dockerfile =
    build.dockerfile && isAbsolute(build.dockerfile) ? relative(folder, build.dockerfile) : build.dockerfile;
  const log: string[] = [];
  let failure: string | undefined;
  const note = (event: {stream?: string; error?: string}) => {
    // The engine reports a failed step inside the stream, which then ends like any other.
    failure ??= event.error;
    const lines = (event.stream ?? "").split("\n").filter(line => line.trim());
    log.push(...lines);
    const step = lines.find(line => line.startsWith("Step "));
    if (step) context.log("info", step, true);
  };
  try {
    const stream: NodeJS.ReadableStream = await engine().buildImage({context: folder, src: files}, {
      ...buildOptions(name, build, dockerfile, hash),
      abortSignal: context.signal,
    } as ImageBuildOptions);
    await new Promise<void>((done, failed) => {
      engine().modem.followProgress(stream, error => (error ? failed(error) : done()), note);
    });
    if (failure) throw new Error(failure);
    for (const tag of build.tags ?? []) await engine().getImage(name).tag(tagOf(tag));
  } catch (error) {
    if (context.signal.aborted) throw new Error(`the build of ${name} was stopped: ${context.signal.reason?.message}`);
    const tail = log.slice(-errorLines);
    const told = clear(`building ${name} from ${folder}`, error);
    throw new Error(
      tail.length ? `${told.message}\nThe build's last ${tail.length} lines:\n${tail.join("\n")}` : told.message,
    );
  }
}

/** Settings of the engine's build call; one without a value must not be sent, as the engine would take it as empty. */
function buildOptions(name: string, build: Build, dockerfile: string | undefined, hash: string) {
  const options = {
    t: name,
    dockerfile: dockerfile || "Dockerfile",
    buildargs: build.buildArgs,
    labels: {...build.label, ...build.labels, [buildLabel]: hash},
    target: build.target,
    nocache: build.noCache,
    networkmode: build.networkMode,
    extrahosts: build.extraHosts?.join(",") || undefined,
    cachefrom: build.cacheFroms?.length ? JSON.stringify(build.cacheFroms) : undefined,
    memory: build.memory,
    forcerm: build.forceRemove ?? true,
    rm: build.remove ?? true,
    pull: build.pullParent || undefined,
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function tagOf(name: string): {repo: string; tag?: string} {
  const at = name.lastIndexOf(":");
  return at > name.lastIndexOf("/") ? {repo: name.slice(0, at), tag: name.slice(at + 1)} : {repo: name};
}
