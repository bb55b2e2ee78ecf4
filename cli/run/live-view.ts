import {showMs} from "../../lib/durations.ts";
import type {FaultResult, Phase} from "../../lib/result.ts";
import {cut, paint, printable, type Style, textWidth} from "../../lib/terminal.ts";
import type {LoadCounts, MemberNow, Snapshot} from "../../runner/phases/progress.ts";
import {type Rates, sparkline} from "./rates.ts";

/** What is drawn in place while a run goes on. */
export interface Live {
  scenario: string;
  phase: Phase | undefined;
  /** Begin of the run, Unix milliseconds. */
  began: number;
  snapshot: Snapshot | undefined;
  rates: Rates;
}

/** How it is drawn. */
export interface Drawing {
  width: number;
  colour: boolean;
  now: number;
}

/** Silence of a workload that is shown as an outage, milliseconds. Clients tell in batches and the run is looked at now
 *  and then, so less would come and go by itself. */
const outageMs = 600;
const shownFaults = 3;

/** The lines, each narrower than the screen: the phase, what is broken and for how long, workloads, members. */
export function drawLive(live: Live, drawing: Drawing): string[] {
  const {snapshot, rates} = live;
  const lines = [headline(live, drawing)];
  if (snapshot) {
    lines.push(...faultLines(snapshot.faults, drawing));
    lines.push(...loadLines(snapshot.loads, rates, drawing));
    lines.push(...memberLines(snapshot.members, drawing));
  }
  return lines.map(line => fit(line, drawing.width - 1));
}

function headline({scenario, phase, began}: Live, {colour, now}: Drawing): string {
  const parts = [paint("strong", printable(scenario), colour), phase ?? "begin", seconds(now - began)];
  return `${paint("accent", "▶", colour)} ${parts.join(" · ")}`;
}

/** What is in effect, and for how long; else what was healed last. */
function faultLines(faults: readonly FaultResult[], {colour, now}: Drawing): string[] {
  const open = faults.filter(f => f.healed === undefined);
  const lines = open.slice(0, shownFaults).map(f => {
    const mark = paint("bad", "▼", colour);
    return `${mark} ${paint("bad", seconds(now - f.injected), colour)} ${nameOf(f)}`;
  });
  if (open.length > shownFaults) lines.push(`  and ${open.length - shownFaults} more faults`);
  const last = faults.filter(f => f.healed !== undefined).sort((a, b) => b.healed! - a.healed!)[0];
  if (open.length > 0 || !last) return lines;
  return [`${paint("good", "▲", colour)} ${seconds(now - last.healed!)} since it was healed: ${nameOf(last)}`];
}

function nameOf({asked, members}: FaultResult): string {
  return printable(`${asked}: ${members.join(", ")}`);
}

function loadLines(loads: Snapshot["loads"], rates: Rates, drawing: Drawing): string[] {
  const parts = Object.entries(loads).map(([name, counts]) => loadParts(name, counts, drawing));
  const wide = Math.min(16, Math.max(...parts.map(part => part.name.length), 1));
  const before = wide + 12;
  // The line of the past is as wide as it can become and the same for all, so that what stands behind it does not move.
  const room = (part: (typeof parts)[number], told: number) => drawing.width - 1 - before - part.needs - told;
  const beside = Math.min(30, ...parts.map(part => room(part, part.figures.length + 2)));
  const told = beside >= 8;
  const line = told ? beside : Math.max(0, Math.min(30, ...parts.map(part => room(part, 0))));
  return parts.map(({name, out, state, figures}) => {
    const rate = paint("strong", `${Math.round(rates.now(name))}/s`.padStart(7), drawing.colour);
    const past = paint(out ? "bad" : "accent", sparkline(rates.of(name), line).padStart(line), drawing.colour);
    const rest = told ? `  ${paint("faint", figures, drawing.colour)}` : "";
    return `  ${cut(name, wide).padEnd(wide)} ${rate}  ${past}  ${state}${rest}`;
  });
}

/** What is said of one workload; `needs` is the room for its state. */
function loadParts(name: string, counts: LoadCounts, {colour, now}: Drawing) {
  const {ok, failed, unknown, lastAcknowledged} = counts;
  const silent = lastAcknowledged === undefined ? 0 : Math.max(0, now - lastAcknowledged);
  const out = silent > outageMs;
  const state = out ? paint("bad", `no answer for ${seconds(silent)}`, colour) : paint("good", "answers", colour);
  const bad = [failed && `${failed} failed`, unknown && `${unknown} unknown`].filter(Boolean);
  return {name: printable(name), out, state, figures: [`${ok} ok`, ...bad].join(", "), needs: textWidth(state) + 2};
}

/** A sign for each member of a component, and the words of those that are not well. */
function memberLines(members: readonly MemberNow[], {colour}: Drawing): string[] {
  const components = Map.groupBy(members, m => m.component);
  const wide = Math.max(...[...components.keys()].map(name => name.length), 1);
  return [...components].map(([component, own]) => {
    const signs = own.map(m => sign(m.healthy ? "good" : "bad", m.healthy ? "●" : "✗", colour)).join("");
    const ill = own.filter(m => !m.healthy).map(m => `${m.member} ${m.state}`);
    const text = ill.length ? printable(ill.join("; ")) : paint("faint", "healthy", colour);
    return `  ${component.padEnd(wide)}  ${signs}  ${text}`;
  });
}

function sign(style: Style, text: string, colour: boolean): string {
  return paint(style, text, colour);
}

/** Tenths below a minute: what is looked at while it happens. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : showMs(ms);
}

/** Cut only where it is too wide: a cut text loses its colours. */
function fit(line: string, width: number): string {
  return cut(line.trimEnd(), width);
}
