import {join} from "node:path";
import {openStack} from "../../engine/open.ts";
import type {StackReference} from "../../engine/reference.ts";
import {projectRoot} from "../../lib/paths.ts";
import {run} from "../../setup/shell.ts";
import type {StateResource} from "./compose.ts";

const limitMs = 600_000;

/** Runs a command as a user would, from its start to its end. Gives milliseconds. */
export async function holdfast(...args: string[]): Promise<number> {
  const began = performance.now();
  await run(join(projectRoot, "holdfast"), args, {limit: limitMs, log: "bench-holdfast"});
  return performance.now() - began;
}

/** Resources of a stack with its secrets in plain text. */
export async function stateOf(reference: StackReference): Promise<StateResource[]> {
  const {stack} = await openStack(reference, {create: false});
  const {deployment} = await stack.exportStack();
  return deployment.resources as StateResource[];
}
