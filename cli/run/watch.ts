import {showMs} from "../../lib/durations.ts";
import type {Phase} from "../../lib/result.ts";
import {cut, screenWidth} from "../../lib/terminal.ts";
import type {LoadCounts, Progress, Snapshot} from "../../runner/phases/progress.ts";
import {note, paint} from "../output.ts";

const words: Record<Phase, string> = {
  ready: "every member healthy? clients get ready",
  load: "clients at work",
  fault: "fault",
  heal: "healing",
  settle: "until every member is healthy in its cluster",
  read: "final read",
  verdict: "verdict",
  converge: "would `up` change anything?",
};

/** Progress of a run on stderr: a line for each phase and event, and on a terminal one that is drawn anew each second. */
export class RunWatch implements Progress {
  readonly #began = Date.now();
  readonly #live = process.stderr.isTTY === true;
  #before: Record<string, LoadCounts> = {};

  phase(phase: Phase): void {
    this.#line(`${paint("bold", phase.padEnd(8))} ${paint("dim", words[phase])}`);
  }

  say(line: string): void {
    this.#line(`${paint("yellow", "!".padEnd(8))} ${line}`);
  }

  look({loads: counts}: Snapshot): void {
    if (this.#live) process.stderr.write(`\r\x1b[K${cut(this.#counts(counts), screenWidth(process.stderr) - 1)}`);
    this.#before = counts;
  }

  end(): void {
    if (this.#live) process.stderr.write("\r\x1b[K");
  }

  #line(text: string): void {
    this.end();
    const since = showSeconds(Date.now() - this.#began);
    note(`${paint("dim", since)}  ${text}`);
  }

  #counts(counts: Record<string, LoadCounts>): string {
    const parts = Object.entries(counts).map(([name, now]) => {
      const rate = now.ok - (this.#before[name]?.ok ?? 0);
      const ago =
        now.lastAcknowledged === undefined
          ? ""
          : `, last ${showMs(Math.max(0, Date.now() - now.lastAcknowledged))} ago`;
      const bad = [now.failed && `${now.failed} failed`, now.unknown && `${now.unknown} unknown`]
        .filter(Boolean)
        .join(", ");
      return `${name} ${rate}/s, ${now.ok} ok${bad ? `, ${bad}` : ""}${rate === 0 ? ago : ""}`;
    });
    return `${showSeconds(Date.now() - this.#began)}  ${parts.join(" | ")}`;
  }
}

function showSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
