import type {EngineEvent, StepEventMetadata} from "@pulumi/pulumi/automation/index.js";
import {showMs} from "../lib/durations.ts";
import {note, paintNote} from "../lib/output.ts";

const marks: Record<string, string> = {
  create: "+",
  "create-replacement": "+",
  update: "~",
  delete: "-",
  "delete-replaced": "-",
  replace: "±",
  read: ">",
  refresh: "~",
  import: "=",
  discard: "-",
};

/** Collects what the engine reports, and shows one line a resource that was changed. */
export class Progress {
  /** How many resources by operation, as the engine sums up. */
  changes: Record<string, number> = {};
  /** Planned or done, in the order of the engine. */
  readonly steps: {op: string; name: string; type: string; diffs: string[]; ms?: number; failed?: boolean}[] = [];
  /** Something of the stack is being changed, or was. */
  changing = false;
  readonly #began = new Map<string, number>();
  readonly #errors: {name?: string; message: string}[] = [];
  readonly #warnings = new Set<string>();
  readonly #quiet: boolean;
  readonly #start = Date.now();
  #ticker: NodeJS.Timeout | undefined;

  constructor(settings: {quiet: boolean}) {
    this.#quiet = settings.quiet;
    if (!this.#quiet && process.stderr.isTTY) this.#ticker = setInterval(() => this.#tick(), 500);
  }

  /** For `onEvent` of the Automation API. */
  readonly onEvent = (event: EngineEvent): void => {
    const {resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, summaryEvent} = event;
    if (resourcePreEvent) this.#started(resourcePreEvent.metadata, resourcePreEvent.planning === true);
    if (resOutputsEvent && !resOutputsEvent.planning) this.#ended(resOutputsEvent.metadata, false);
    if (resOpFailedEvent) this.#ended(resOpFailedEvent.metadata, true);
    if (diagnosticEvent) this.#said(diagnosticEvent);
    if (summaryEvent) this.changes = {...summaryEvent.resourceChanges};
  };

  /** Takes the live line away. */
  stop(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.#clear();
  }

  /** What went wrong, for people. Empty when nothing did. */
  errors(): string[] {
    return [...new Set(this.#errors.map(({name, message}) => (name ? `${name}: ${message}` : message)))];
  }

  warnings(): string[] {
    return [...this.#warnings];
  }

  #started(metadata: StepEventMetadata, planning: boolean): void {
    if (metadata.op === "same" || !isReal(metadata)) return;
    this.#began.set(metadata.urn, Date.now());
    this.changing ||= !planning && metadata.op !== "refresh" && metadata.op !== "read";
    if (planning) {
      const step = {
        op: metadata.op,
        name: nameOf(metadata.urn),
        type: metadata.type,
        diffs: metadata.diffs ?? metadata.keys ?? [],
      };
      this.steps.push(step);
      this.#line(
        paintOp(step.op, `  ${marks[step.op] ?? "?"} ${step.name}`),
        `${shortType(step.type)}${step.diffs.length > 0 ? ` [${step.diffs.join(", ")}]` : ""}`,
      );
    }
  }

  #ended(metadata: StepEventMetadata, failed: boolean): void {
    const began = this.#began.get(metadata.urn);
    this.#began.delete(metadata.urn);
    // The engine reports a replacement in parts, `create-replacement` and `delete-replaced`; the whole has no work of
    // its own.
    if (metadata.op === "same" || metadata.op === "replace" || !isReal(metadata)) return;
    const ms = began === undefined ? undefined : Date.now() - began;
    const step = {
      op: metadata.op,
      name: nameOf(metadata.urn),
      type: metadata.type,
      diffs: metadata.diffs ?? [],
      ms,
      failed,
    };
    this.steps.push(step);
    const mark = failed
      ? paintNote("bad", `  ✗ ${step.name}`)
      : paintOp(step.op, `  ${marks[step.op] ?? "?"} ${step.name}`);
    this.#line(mark, `${shortType(step.type)}${ms === undefined ? "" : `  ${showMs(ms)}`}`);
  }

  #said(event: {severity: string; message: string; urn?: string; ephemeral?: boolean}): void {
    if (event.ephemeral) return;
    const message = tidy(event.message);
    if (!message) return;
    if (event.severity === "error") {
      if (/^(update|preview|destroy|refresh) failed$/.test(message)) return;
      this.#errors.push({
        name: event.urn && !event.urn.includes("pulumi:pulumi:Stack") ? nameOf(event.urn) : undefined,
        message,
      });
    } else if (event.severity === "warning" && !/ from \$PATH/.test(message)) {
      if (!this.#warnings.has(message)) this.#line(paintNote("warn", "  !"), message);
      this.#warnings.add(message);
    }
  }

  #line(first: string, rest: string): void {
    if (this.#quiet) return;
    this.#clear();
    note(`${first}  ${paintNote("faint", rest)}`);
  }

  #tick(): void {
    const now = Date.now();
    const under = [...this.#began].map(([urn, began]) => `${nameOf(urn)} ${Math.round((now - began) / 1000)} s`);
    const text = `  ${Math.round((now - this.#start) / 1000)} s: ${under.join(", ") || "the engine is at work"}`;
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  #clear(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  }
}

function isReal(metadata: StepEventMetadata): boolean {
  if (metadata.type.startsWith("pulumi:")) return false;
  return (metadata.new ?? metadata.old)?.custom === true;
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1)!;
}

/** `docker:index/container:Container` is a `container` for people. */
function shortType(type: string): string {
  return type.split(":").at(-1)!.toLowerCase();
}

function paintOp(op: string, text: string): string {
  if (op.startsWith("create")) return paintNote("good", text);
  return op.startsWith("delete") ? paintNote("bad", text) : paintNote("warn", text);
}

/** The message without the engine's colour marks, and without what its layers put around it. */
export function tidy(message: string): string {
  return (
    message
      .replaceAll(/<\{%[^%]*%\}>/g, "")
      .replaceAll(/^error: /gm, "")
      .replaceAll(/^\s*\d+ errors? occurred:\s*/gm, "")
      .replaceAll(/^\s*\* /gm, "")
      .replaceAll(/^(sdk-v2\/provider2\.go:\d+: sdk\.helper_schema: |rpc error: code = \w+ desc = )/gm, "")
      .replaceAll(/\n{2,}/g, "\n")
      // What a program refuses reaches the engine as an error that nobody caught, which Node prints as an object.
      .replaceAll(/^Running program '[^'\n]*' failed with an unhandled exception:\n/gm, "")
      .replaceAll(/^\s*\[(.*?)\] \{\s*name: '\w+Error'\s*\}/gms, "$1")
      .trim()
  );
}
