import type {Operation} from "../history.ts";
import {type Standstill, standingMs} from "./standstills.ts";

/** What outages are measured against. */
export interface LoadFacts {
  clients: number;
  /** Operations a second over all clients. */
  rate: number;
  /** When the first operation was due, Unix milliseconds. Default: the first `due` there is. */
  from?: number;
  /** When the load ended, Unix milliseconds. Default: the last `done` there is. */
  to?: number;
}

/** One stretch in which one client had no operation acknowledged. */
export interface Outage {
  client: number;
  from: number;
  to: number;
  ms: number;
  /** Errors of that client in this stretch, by class. */
  errors: Record<string, number>;
}

/** Gaps shorter than this are never listed as outages, in milliseconds. */
export const shortestOutageMs = 200;

/** Milliseconds between two operations of one client. */
export function spacingMs(facts: Pick<LoadFacts, "clients" | "rate">): number {
  return (facts.clients / facts.rate) * 1000;
}

/** The longest time that any client went without an acknowledged operation, between the first due time and the end of
 *  the load, the stretch before its first and after its last acknowledgement included; and every gap over 200 ms and
 *  five times the client's own spacing. A gap contains the client's normal spacing: give a client at least ten
 *  operations in the time that matters. The longest is without what the machine stood still of it; the list is as it
 *  was. */
export function outagesOf(
  operations: readonly Operation[],
  facts: LoadFacts,
  standstills: readonly Standstill[] = [],
): {longestOutageMs: number; outages: Outage[]} {
  const {from, to} = extent(operations, facts);
  const listed = Math.max(shortestOutageMs, 5 * spacingMs(facts));
  const byClient = Array.from({length: facts.clients}, (): Operation[] => []);
  for (const operation of operations) byClient[operation.client]?.push(operation);
  let longestOutageMs = 0;
  const outages: Outage[] = [];
  if (to <= from) return {longestOutageMs, outages};
  byClient.forEach((own, client) => {
    const acknowledged = own
      .filter(o => o.outcome === "ok")
      .map(o => o.done)
      .sort((a, b) => a - b);
    const first = own.reduce((least, o) => Math.min(least, o.due), from + spacingMs(facts));
    const marks = [first, ...acknowledged];
    marks.push(Math.max(to, marks.at(-1)!));
    for (let i = 1; i < marks.length; i++) {
      const ms = marks[i]! - marks[i - 1]!;
      longestOutageMs = longer(longestOutageMs, {from: marks[i - 1]!, to: marks[i]!}, standstills);
      if (ms > listed) outages.push(outage(own, client, marks[i - 1]!, marks[i]!));
    }
  });
  return {longestOutageMs: round(longestOutageMs), outages: outages.sort((a, b) => a.from - b.from)};
}

/** A stretch between two acknowledgements of one client, Unix milliseconds. */
export interface Gap {
  from: number;
  to: number;
}

/** The longest time that any client went without an acknowledged operation, of what counts of each gap (undefined:
 *  nothing); without what the machine stood still of it. */
export function longestGap(
  operations: readonly Operation[],
  facts: LoadFacts,
  counted: (gap: Gap) => Gap | undefined,
  standstills: readonly Standstill[] = [],
): number {
  const load = extent(operations, facts);
  const byClient = Array.from({length: facts.clients}, (): number[] => [load.from]);
  for (const {client, outcome, done} of operations) if (outcome === "ok") byClient[client]?.push(done);
  let longest = 0;
  for (const own of byClient) {
    const marks = own.concat(load.to).sort((a, b) => a - b);
    for (let i = 1; i < marks.length; i++) {
      const gap = counted({from: marks[i - 1]!, to: marks[i]!});
      if (gap) longest = longer(longest, gap, standstills);
    }
  }
  return round(longest);
}

/** The longer of a length and a gap without what the machine stood still of it. */
function longer(ms: number, gap: Gap, standstills: readonly Standstill[]): number {
  const whole = gap.to - gap.from;
  return whole <= ms ? ms : Math.max(ms, whole - standingMs(gap, standstills));
}

/** Begin and end of the load. */
export function extent(
  operations: readonly Operation[],
  facts: Pick<LoadFacts, "from" | "to">,
): {from: number; to: number} {
  let [from, to] = [Infinity, -Infinity];
  for (const o of operations) {
    if (o.due < from) from = o.due;
    if (o.done > to) to = o.done;
  }
  from = facts.from ?? from;
  to = facts.to ?? to;
  return Number.isFinite(from) && Number.isFinite(to) ? {from, to} : {from: 0, to: 0};
}

function outage(own: Operation[], client: number, from: number, to: number): Outage {
  return {client, from, to, ms: round(to - from), errors: errorsOf(own.filter(o => o.done >= from && o.done <= to))};
}

/** Operations that were not acknowledged, counted by class of error. */
export function errorsOf(operations: readonly Operation[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const {outcome, error} of operations) {
    if (outcome === "ok") continue;
    const found = error ?? outcome;
    errors[found] = (Object.hasOwn(errors, found) ? errors[found]! : 0) + 1;
  }
  return errors;
}

const round = (ms: number) => Math.round(ms * 100) / 100;
