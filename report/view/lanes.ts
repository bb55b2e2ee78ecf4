import {showMs} from "../../lib/durations.ts";
import type {Result} from "../../lib/result.ts";
import {since} from "../words.ts";
import type {Span} from "./span.ts";

/** The states of one member over time. */
export interface Lane {
  member: string;
  component: string;
  zone: string;
  /** First of its component: drawn with some room above. */
  first: boolean;
  /** For readers that do not see the lane. */
  described: string;
  /** Place and width in percent of the span. */
  parts: {left: number; width: number; state: string; healthy: boolean; text: string}[];
  changes: {at: string; state: string; healthy: boolean}[];
}

/** A lane for each member, over the same span as the plots. What came before the span is its first state. */
export function lanesOf(result: Result, span: Span): Lane[] {
  return result.members.map((m, i) => {
    const states = [...m.states].sort((a, b) => a.at - b.at);
    const parts = states.flatMap((s, n) => {
      const end = states[n + 1]?.at ?? span.to;
      if (end <= span.from || s.at >= span.to) return [];
      const text = `${m.member}: ${s.state}, ${s.healthy ? "healthy" : "not healthy"}, from ${since(result, s.at)} for ${showMs(end - s.at)}`;
      const [left, right] = [span.percent(s.at), span.percent(end)];
      return [{left, width: right - left, state: s.state, healthy: s.healthy, text}];
    });
    const changes = states.map(s => ({at: since(result, s.at), state: s.state, healthy: s.healthy}));
    return {
      member: m.member,
      component: m.component,
      zone: m.zone,
      first: i > 0 && result.members[i - 1]!.component !== m.component,
      described: `${m.member} in zone ${m.zone}: ${changes.map(c => `${c.state} from ${c.at}`).join(", ") || "not seen"}`,
      parts,
      changes,
    };
  });
}
