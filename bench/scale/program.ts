import {rmSync} from "node:fs";
import {join} from "node:path";
import {type OpenStack, openStack} from "../../engine/open.ts";
import type {StackReference} from "../../engine/reference.ts";
import {projectRoot} from "../../lib/paths.ts";
import {run} from "../../setup/shell.ts";
import type {StateResource} from "../up/compose.ts";
import {grown, type PreviewStep} from "./state.ts";

/** Members that are really made, as the pattern of all others. */
const pattern = 10;
const limitMs = 600_000;

/** One of the two programs, with a stack of its own. */
export class ScaleProgram {
  readonly name: "members" | "plain";
  readonly project: string;
  readonly #open: OpenStack;
  readonly #stack: OpenStack["stack"];

  private constructor(name: "members" | "plain", open: OpenStack) {
    this.name = name;
    this.project = open.reference.project;
    this.#open = open;
    this.#stack = open.stack;
  }

  static async open(name: "members" | "plain", subnet: string): Promise<ScaleProgram> {
    const project = `scale-${name}`;
    const reference: StackReference = {
      folder: join(projectRoot, "bench", "scale", name),
      project,
      name: "scale",
      label: `${project}/scale`,
    };
    const program = new ScaleProgram(name, await openStack(reference, {create: true}));
    await program.#stack.setConfig(`${project}:subnet`, {value: subnet});
    return program;
  }

  /** Makes a few members for real, remembers the state, and takes them down again. */
  async make(): Promise<StateResource[]> {
    await this.#size(pattern);
    try {
      await this.#stack.up();
      return (await this.#stack.exportStack()).deployment.resources;
    } finally {
      await this.#stack.destroy();
    }
  }

  /** Puts the stack into the state in which it has that many members; nothing of it is there on the engine, and nobody
   *  asks. */
  async pretend(made: readonly StateResource[], members: number): Promise<number> {
    await this.#size(members);
    await this.#import(made);
    if (members > pattern) await this.#import(grown(made, await this.#planned()));
    return (await this.#stack.exportStack()).deployment.resources.length;
  }

  /** Milliseconds of a preview, or of an `up` without changes. Errors: it would change something. */
  async time(what: "preview" | "up"): Promise<number> {
    const began = performance.now();
    const changes = what === "preview" ? (await this.#stack.preview()).changeSummary : await this.#upChanges();
    const took = performance.now() - began;
    const other = Object.entries(changes).filter(([op, count]) => op !== "same" && count > 0);
    if (other.length > 0)
      throw new Error(`${this.project}: ${what} was to change nothing, and did: ${JSON.stringify(other)}`);
    return took;
  }

  /** Drops the stack with its state. */
  async remove(): Promise<void> {
    await this.#stack.workspace.removeStack("scale", {force: true});
    rmSync(join(this.#open.reference.folder, "Pulumi.scale.yaml"), {force: true});
  }

  async #upChanges(): Promise<Record<string, number>> {
    let changes: Record<string, number> = {};
    await this.#stack.up({
      onEvent: ({summaryEvent}) => {
        if (summaryEvent) changes = {...summaryEvent.resourceChanges};
      },
    });
    return changes;
  }

  async #size(members: number): Promise<void> {
    await this.#stack.setConfig(`${this.project}:members`, {value: String(members)});
  }

  async #import(resources: readonly StateResource[]): Promise<void> {
    const {version, deployment} = await this.#stack.exportStack();
    await this.#stack.importStack({version, deployment: {...deployment, resources, pending_operations: []}});
  }

  async #planned(): Promise<PreviewStep[]> {
    const args = ["preview", "--json", "--stack", "scale", "--non-interactive"];
    const said = await run("pulumi", args, {cwd: this.#open.reference.folder, env: this.#open.env, limit: limitMs});
    return (JSON.parse(said) as {steps: PreviewStep[]}).steps;
  }
}
