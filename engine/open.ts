import {existsSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import type {Stack} from "@pulumi/pulumi/automation/index.js";
import {CliError, exitCodes} from "../lib/exit.ts";
import {projectState} from "../lib/paths.ts";
import {backendUrl, environment} from "../setup/environment.ts";
import {versionIn} from "../setup/pulumi.ts";
import {which} from "../setup/shell.ts";
import {engineCommand} from "./engine-command.ts";
import {type StateFiles, stateFiles} from "./files.ts";
import type {StackReference} from "./reference.ts";

/** A stack that commands work on. */
export interface OpenStack {
  reference: StackReference;
  stack: Stack;
  /** Variables that its engine runs with. */
  env: Record<string, string>;
  /** Where its state is, in a local backend. */
  files?: StateFiles;
}

/** Selects the stack, making it first where `create` is true. Errors: it does not exist; its secrets cannot be read. */
export async function openStack(reference: StackReference, settings: {create: boolean}): Promise<OpenStack> {
  const env = await environment();
  dropForeignSalt(reference, env);
  const program = which("pulumi", env.PATH)!;
  const pulumiCommand = engineCommand(program, await versionIn(dirname(program)));
  const {LocalWorkspace, Stack} = await import("@pulumi/pulumi/automation/index.js");
  // The version check would run the CLI once more for nothing: set-up knows the version.
  const options = {envVars: {...env, PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true"}, pulumiCommand};
  try {
    const workspace = await LocalWorkspace.create({workDir: reference.folder, ...options});
    // Selecting runs the CLI for half a second to learn whether the state is there. Every later command names its
    // stack.
    const files = stateFiles(backendUrl(), reference);
    if (files && existsSync(files.checkpoint)) workspace.selectStack = async () => {};
    const stack = await Stack[settings.create ? "createOrSelect" : "select"](reference.name, workspace);
    return {reference, stack: withoutQuestions(stack), env, ...(files ? {files} : {})};
  } catch (error) {
    const text = (error as Error).message;
    if (/no stack named/.test(text))
      throw new CliError(
        `The stack ${reference.label} does not exist. Make it with: ./holdfast up ${asTyped(reference)}`,
        exitCodes.usage,
      );
    if (/passphrase/.test(text)) {
      throw new CliError(
        `The secrets of ${reference.label} cannot be read: the passphrase is not the one it was made with. Restore ${env.PULUMI_CONFIG_PASSPHRASE_FILE ?? "it"}, or set PULUMI_CONFIG_PASSPHRASE.\n${text}`,
        exitCodes.unavailable,
      );
    }
    throw error;
  }
}

/** Works on the stack; one that is not there exists for that time alone, so that a look at it leaves nothing behind. */
export async function withStack<T>(reference: StackReference, work: (open: OpenStack) => Promise<T>): Promise<T> {
  const found = await openStack(reference, {create: false}).catch(error => {
    if (error instanceof CliError && error.code === exitCodes.usage) return undefined;
    throw error;
  });
  if (found) return work(found);
  const settings = join(reference.folder, `Pulumi.${reference.name}.yaml`);
  const before = existsSync(settings) ? readFileSync(settings) : undefined;
  const made = await openStack(reference, {create: true});
  try {
    return await work(made);
  } finally {
    await made.stack.workspace.removeStack(reference.name, {force: true});
    if (before) writeFileSync(settings, before);
    else rmSync(settings, {force: true});
  }
}

/** After an operation the Automation API asks for outputs and history, four more runs of the CLI. Commands that want
 *  outputs ask for them. */
function withoutQuestions(stack: Stack): Stack {
  const {outputs} = stack;
  const ask = new Set(["up", "destroy", "refresh"] as const);
  for (const name of ask) {
    const operation = stack[name].bind(stack) as (settings: never) => Promise<never>;
    const quiet = async (settings: never) => {
      stack.outputs = async () => ({});
      stack.info = async () => undefined;
      try {
        return await operation(settings);
      } finally {
        stack.outputs = outputs.bind(stack);
      }
    };
    Object.assign(stack, {[name]: quiet});
  }
  return stack;
}

/** What the user types for it. */
export function asTyped(reference: StackReference): string {
  const folder = reference.folder.split("/").at(-1)!;
  return folder === reference.name ? folder : `${folder}:${reference.name}`;
}

/** `Pulumi.<stack>.yaml` holds the salt of the passphrase. One left behind by a state that is gone would only make the
 *  new stack refuse its passphrase, so it is removed, but never when the file holds a secret or the state is the user's
 *  own. */
function dropForeignSalt(reference: StackReference, env: Record<string, string>): void {
  if (env.PULUMI_CONFIG_PASSPHRASE_FILE !== projectState("passphrase") || !env.PULUMI_BACKEND_URL) return;
  const settings = join(reference.folder, `Pulumi.${reference.name}.yaml`);
  const state = stateFiles(env.PULUMI_BACKEND_URL, reference)?.checkpoint;
  if (!state || existsSync(state) || !existsSync(settings)) return;
  const text = readFileSync(settings, "utf8");
  if (!/^\s*secure:/m.test(text) && /^encryptionsalt:/m.test(text))
    writeFileSync(settings, text.replace(/^encryptionsalt:.*\n?/m, ""));
}
