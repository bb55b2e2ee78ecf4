import {showMs} from "../../lib/durations.ts";
import {note} from "../output.ts";
import type {Status, Step, StepWatcher} from "./step.ts";

/** Shows steps: a live list on a terminal, else one line when a step has ended. */
export async function stepWatcher(steps: readonly Step[]): Promise<StepWatcher> {
  return process.stderr.isTTY ? liveList(steps) : plainLines();
}

function plainLines(): StepWatcher {
  return {
    started() {},
    said() {},
    ended(step, ms, status, error) {
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
