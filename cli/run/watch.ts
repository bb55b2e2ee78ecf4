import {note, noteThrough, paintNote} from "../../lib/output.ts";
import type {Phase} from "../../lib/result.ts";
import {colourful, screenWidth, wrap} from "../../lib/terminal.ts";
import type {Progress, Snapshot} from "../../runner/phases/progress.ts";
import {LiveBlock} from "./live-block.ts";
import {drawLive} from "./live-view.ts";
import {Rates} from "./rates.ts";

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

/** Where the text of a line begins, behind its time and mark. */
const indent = 19;

/** How often times are drawn anew. */
const drawEveryMs = 200;

/** Progress of a run on stderr: a line for each phase and event and, on a terminal, below them how things stand, drawn
 *  in place. */
export class RunWatch implements Progress {
  readonly #began = Date.now();
  readonly #scenario: string;
  readonly #rates = new Rates();
  readonly #block: LiveBlock | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #phase: Phase | undefined;
  #snapshot: Snapshot | undefined;

  constructor(scenario: string) {
    this.#scenario = scenario;
    if (process.stderr.isTTY !== true) return;
    const block = new LiveBlock(process.stderr);
    this.#block = block;
    noteThrough(line => block.above(line));
    this.#timer = setInterval(() => this.#draw(), drawEveryMs);
  }

  phase(phase: Phase): void {
    this.#phase = phase;
    // The clients have ended: what they did last is no news.
    if (phase === "verdict") this.#snapshot = undefined;
    this.#line(paintNote("strong", phase.padEnd(8)), words[phase], text => paintNote("faint", text));
  }

  say(line: string): void {
    this.#line(paintNote("warn", "!".padEnd(8)), line);
  }

  look(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#rates.add(snapshot.loads, Date.now());
  }

  end(): void {
    clearInterval(this.#timer);
    this.#block?.clear();
    noteThrough(undefined);
  }

  /** On a terminal broken between words, under its beginning; in a log a line stays one line. */
  #line(mark: string, text: string, style = (line: string) => line): void {
    const since = `${((Date.now() - this.#began) / 1000).toFixed(1).padStart(6)} s`;
    const width = screenWidth(process.stderr) - indent - 1;
    const [first = "", ...others] = this.#block ? wrap(text, width) : [text];
    note(`${paintNote("faint", since)}  ${mark} ${style(first)}`);
    for (const line of others) note(`${" ".repeat(indent)}${style(line)}`);
  }

  #draw(): void {
    const live = {
      scenario: this.#scenario,
      phase: this.#phase,
      began: this.#began,
      snapshot: this.#snapshot,
      rates: this.#rates,
    };
    const drawing = {width: screenWidth(process.stderr), colour: colourful(process.stderr), now: Date.now()};
    this.#block?.draw(drawLive(live, drawing));
  }
}
