import {existsSync} from "node:fs";
import {join} from "node:path";
import {cacheDir, projectRoot} from "../lib/paths.ts";
import {debianStep} from "./debian.ts";
import {engineStep} from "./engine.ts";
import {imageSteps} from "./images.ts";
import {nodeForImagesStep} from "./node.ts";
import {dockerPluginStep, ownPluginStep} from "./plugins.ts";
import {pulumiStep} from "./pulumi.ts";
import type {Step} from "./step.ts";

/** The launcher has made these two; they are listed so that `doctor` shows them. */
const launched: Step[] = [
  given("node", "Node", process.version, process.execPath),
  given(
    "packages",
    "npm packages",
    "as locked",
    existsSync(join(projectRoot, "node_modules")) ? "node_modules" : "elsewhere",
  ),
];

/** Everything that commands need on this machine. */
export function allSteps(): Step[] {
  return [
    ...launched,
    pulumiStep,
    dockerPluginStep,
    ownPluginStep,
    engineStep,
    nodeForImagesStep,
    debianStep,
    ...imageSteps(),
  ];
}

/** The named steps and everything that they come after. */
export function stepsFor(ids: readonly string[], all = allSteps()): Step[] {
  const wanted = new Set<string>();
  const add = (id: string) => {
    const step = all.find(s => s.id === id);
    if (!step || wanted.has(id)) return;
    wanted.add(id);
    for (const earlier of step.after) add(earlier);
  };
  for (const id of ids) add(id);
  return all.filter(step => wanted.has(step.id));
}

/** Lock that keeps two commands from making the same thing. */
export function stepLock(step: Step): string {
  return cacheDir("locks", `${step.id}.lock`);
}

function given(id: string, title: string, version: string, from: string): Step {
  return {
    id,
    title,
    after: [],
    fix: "./holdfast env",
    check: async () => ({state: "ok", version, from}),
    make: async () => {},
  };
}
