import {showMs} from "../lib/durations.ts";
import {note} from "../lib/output.ts";
import type {Status, Step, StepWatcher} from "./step.ts";

/** Shows steps: a live list on a terminal, else lines: what a step gets, that it goes on, and how it ended. */
export async function stepWatcher(steps: readonly Step[]): Promise<StepWatcher> {
  return process.stderr.isTTY ? liveList(steps) : plainLines();
}

/** Every so often a step that goes on says so where nothing else moves. */
const heartbeatMs = 30_000;

function plainLines(): StepWatcher {
  const last = new Map<string, string>();
  const beats = new Map<string, NodeJS.Timeout>();
  return {
    started(step) {
      const began = Date.now();
      const beat = () => note(`holdfast: ${step.title}: still at it after ${showMs(Date.now() - began)}`);
      beats.set(step.id, setInterval(beat, heartbeatMs).unref());
    },
    said(step, line) {
      // What counts up (a build's steps) is said once: numbers do not make it another line.
      const kind = line.replaceAll(/\d+/g, "");
      if (last.get(step.id) !== kind) note(`holdfast: ${step.title}: ${line}`);
      last.set(step.id, kind);
    },
    ended(step, ms, status, error) {
      clearInterval(beats.get(step.id));
      note(`holdfast: ${step.title}: ${error ? `failed after ${showMs(ms)}` : `${describe(status)} (${showMs(ms)})`}`);
    },
  };
}

function describe(status: Status | undefined): string {
  return status?.state === "ok" ? [status.version, status.from].filter(Boolean).join(", ") : "";
}

/** The list draws itself on stderr, because stdout is for results. */
async function liveList(steps: readonly Step[]): Promise<StepWatcher> {
  const {Listr, ListrLogger, PRESET_TIMER, ProcessOutput} = await import("listr2");
  const ends = new Map(steps.map(step => [step.id, Promise.withResolvers<string>()]));
  const rows = new Map<string, {output: string; title: string}>();
  const list = new Listr(
    steps.map(step => ({
      title: step.title,
      task: async (_context: unknown, row: {output: string; title: string}) => {
        rows.set(step.id, row);
        const said = await ends.get(step.id)!.promise;
        row.title = `${step.title}: ${said}`;
      },
    })),
    {
      concurrent: true,
      exitOnError: false,
      rendererOptions: {
        timer: PRESET_TIMER,
        collapseErrors: false,
        logger: new ListrLogger({processOutput: new ProcessOutput(process.stderr, process.stderr)}),
      },
    } as never,
  );
  // Its own errors are those given below, which the caller throws.
  list.run().catch(() => {});
  return {
    started() {},
    said(step, line) {
      const row = rows.get(step.id);
      if (row) row.output = line;
    },
    ended(step, _ms, status, error) {
      if (error) ends.get(step.id)!.reject(new Error(`${step.title} failed`));
      else ends.get(step.id)!.resolve(describe(status));
    },
  };
}
