import {showMs} from "../lib/durations.ts";
import {note, paintNote} from "../lib/output.ts";
import {printable, type Screen, screenWidth, textWidth, wrap} from "../lib/terminal.ts";
import type {Health, Standing} from "./health.ts";
import type {StackStatus} from "./status.ts";

/** Most members and alarms that a message names one by one. */
const mostLines = 20;

/** Tells what changes while a stack is waited for: each member when its state does. A state that differs in its figures
 *  alone is no news. Nothing is told of a stack that is healthy at the first look. */
export class HealthProgress {
  readonly #told = new Map<string, string>();
  readonly #began = Date.now();
  readonly #limitMs: number;
  readonly #screen: Screen;

  constructor(limitMs: number, screen: Screen = process.stderr) {
    this.#limitMs = limitMs;
    this.#screen = screen;
  }

  readonly tell = (found: StackStatus): void => {
    if (this.#told.size === 0) {
      if (found.healthy) return;
      this.#line("holdfast: ", `not every member is healthy; waiting ${showMs(this.#limitMs)} at most`);
    }
    const before = this.#told.size > 0;
    for (const {member, healthy, state} of found.members) {
      // What is healthy at the first look is no change.
      if (!before && healthy) this.#told.set(member, "");
      else this.#news(member, healthy ? "" : state, healthy);
    }
    const alarms = found.members.every(row => row.healthy) ? found.alarms.join(" ") : "";
    if (alarms) this.#news("alarm", alarms, false);
  };

  #news(who: string, state: string, healthy: boolean): void {
    const kind = state.replaceAll(/\d+/g, "#");
    if (this.#told.get(who) === kind) return;
    this.#told.set(who, kind);
    const mark = healthy ? paintNote("good", "✓") : paintNote("warn", "!");
    const after = `${Math.round((Date.now() - this.#began) / 1000)} s`.padStart(5);
    this.#line(`  ${mark} ${after}  `, `${who}: ${healthy ? "healthy" : printable(state)}`);
  }

  /** On a terminal broken between words, under its beginning; in a log a line stays one line. */
  #line(mark: string, text: string): void {
    const indent = textWidth(mark);
    const [first = "", ...others] = this.#screen.isTTY ? wrap(text, screenWidth(this.#screen) - indent - 1) : [text];
    note(mark + first);
    for (const line of others) note(" ".repeat(indent) + line);
  }
}

/** `3 of 14 members are not healthy`, in other words where every member is and an alarm is not. */
export function sumOfHealth({members, unhealthy, alarms}: Health): string {
  if (unhealthy.length === 0 && alarms.length > 0)
    return `all ${members} members are healthy each for itself, and together they are not`;
  return `${unhealthy.length} of ${members} members ${unhealthy.length === 1 ? "is" : "are"} not healthy`;
}

/** Which members are not healthy with the state that each was last seen in, the alarms, and what to type next: a line
 *  each. */
export function unhealthyText({unhealthy, alarms, next}: Standing): string {
  const lines = unhealthy.map(one => `${one.member}: ${printable(one.state)}`);
  const shown = lines.slice(0, mostLines);
  const more = lines.length > shown.length ? [`and ${lines.length - shown.length} more`] : [];
  return [...[...shown, ...more, ...alarms].map(line => `  ${line}`), ...next].join("\n");
}

/** What the documents of `up`, `heal` and `preview` say of it. */
export function documentOf({healthy, unhealthy, alarms, started, next}: Standing) {
  return {healthy, unhealthy, alarms, started, next: healthy ? [] : next};
}
