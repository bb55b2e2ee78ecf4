import {createWriteStream, readdirSync} from "node:fs";
import {CliError, exitCodes} from "../lib/exit.ts";
import {recipeOf, services} from "../platforms/docker/images.ts";
import {docker} from "./engine.ts";
import {logPath} from "./shell.ts";
import type {Status, Step} from "./step.ts";

/** Builds at the same time: they wait for the network as much as they compute. */
const atOnce = 2;
let running = 0;
const waiting: (() => void)[] = [];

/** One step an image recipe. Recipes that do not start from each other are built at the same time. */
export function imageSteps(): Step[] {
  return services().map(service => {
    const common = {id: `image-${service}`, title: `image ${service}`, fix: "./holdfast env"};
    try {
      const {base} = recipeOf(service);
      return {
        ...common,
        after: ["engine", base ? `image-${base}` : "debian"],
        check: () => check(service),
        make: say => limited(() => build(service, say)),
      };
    } catch (error) {
      // A recipe that is wrong is shown like anything else that is missing.
      const why = (error as Error).message;
      return {...common, after: [], check: async () => ({state: "by hand", why}), make: async () => {}};
    }
  });
}

async function check(service: string): Promise<Status> {
  const {tag} = recipeOf(service);
  const tags = await localTags();
  if (tags === undefined) return {state: "will be made", why: "built once the docker engine answers"};
  return tags.has(tag)
    ? {state: "ok", version: tag.split(":")[1]!, from: tag}
    : {state: "will be made", why: `built as ${tag}`};
}

let listed: {at: number; tags: Promise<Set<string> | undefined>} | undefined;

/** One list for all checks of a moment. */
function localTags(): Promise<Set<string> | undefined> {
  if (!listed || Date.now() - listed.at > 300) listed = {at: Date.now(), tags: list()};
  return listed.tags;
}

async function list(): Promise<Set<string> | undefined> {
  try {
    const images = await docker(5000).listImages({filters: {reference: ["holdfast/*"]}});
    return new Set(images.flatMap(i => i.RepoTags ?? []));
  } catch {
    return undefined;
  }
}

async function build(service: string, say: (line: string) => void): Promise<void> {
  const recipe = recipeOf(service);
  say(`building ${recipe.tag} with Debian's packages`);
  const path = logPath(`image-${service}`);
  const log = createWriteStream(path);
  const engine = docker();
  const stream = await engine.buildImage(
    {context: recipe.context, src: readdirSync(recipe.context)},
    {
      t: recipe.tag,
      dockerfile: recipe.dockerfile,
      buildargs: recipe.buildArgs,
      labels: {"io.holdfast.recipe": service},
      forcerm: true,
    },
  );
  const lines: string[] = [];
  let failure: string | undefined;
  await new Promise<void>((resolve, reject) =>
    engine.modem.followProgress(
      stream,
      error => (error ? reject(error) : resolve()),
      (event: {stream?: string; error?: string}) => {
        failure ??= event.error;
        const text = event.stream ?? event.error ?? "";
        log.write(text);
        if (!text.trim()) return;
        lines.push(text.trim());
        const stage = /^Step (\d+\/\d+)/.exec(text);
        if (stage) say(`building, step ${stage[1]}`);
      },
    ),
  ).catch(error => {
    failure ??= error.message;
  });
  log.end();
  listed = undefined;
  if (failure)
    throw new CliError(
      `The image ${recipe.tag} could not be built: ${failure}\n  ${lines.slice(-8).join("\n  ")}\n  Whole log: ${path}`,
      exitCodes.unavailable,
    );
}

async function limited<T>(work: () => Promise<T>): Promise<T> {
  while (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
