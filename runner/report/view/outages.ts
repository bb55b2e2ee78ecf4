import {showMs} from "../../../lib/durations.ts";
import type {Result} from "../../../lib/result.ts";
import * as words from "../words.ts";
import type {Span} from "./span.ts";

/** Outages that the page lists, and that it draws; report.json has all. */
const limits = {listed: 6, drawn: 2000};

/** When which client of a workload waited. */
export interface OutageLanes {
  workload: string;
  /** One a client. Empty when no client of the workload waited. */
  clients: {
    client: number;
    /** For readers that do not see the bars. */
    described: string;
    bars: {left: number; width: number; text: string}[];
  }[];
}

export interface OutageRow {
  workload: string;
  client: number;
  from: string;
  to: string;
  length: string;
  /** Of the longest, percent. */
  share: number;
  errors: string;
}

type Outage = Result["workloads"][string]["outages"][number] & {workload: string};

export interface OutagesView {
  lanes: OutageLanes[];
  rows: OutageRow[];
  /** How many are not in the rows. */
  more: number;
}

/** The outages of all clients, drawn over the span of the plots and listed, the longest first. */
export function outagesOf(result: Result, span: Span): OutagesView {
  const all = Object.entries(result.workloads).flatMap(([workload, w]) => w.outages.map(o => ({workload, ...o})));
  all.sort((a, b) => b.ms - a.ms);
  const drawn = Map.groupBy(all.slice(0, limits.drawn), o => o.workload);
  const longest = Math.max(1, all[0]?.ms ?? 1);
  return {
    lanes: Object.entries(result.workloads).map(([name, w]) => lanesOf(name, w.clients, drawn.get(name) ?? [], span)),
    rows: all.slice(0, limits.listed).map(o => rowOf(result, o, longest)),
    more: Math.max(0, all.length - limits.listed),
  };
}

function lanesOf(workload: string, count: number, outages: Outage[], span: Span): OutageLanes {
  if (outages.length === 0) return {workload, clients: []};
  return {workload, clients: [...Array(count).keys()].map(client => laneOf(workload, client, outages, span))};
}

function laneOf(workload: string, client: number, outages: Outage[], span: Span): OutageLanes["clients"][number] {
  const own = outages.filter(o => o.client === client);
  const who = `${workload}, client ${client}`;
  return {
    client,
    described: own[0]
      ? `${who}: ${words.plural(own.length, "outage")}, the longest ${showMs(own[0].ms)}`
      : `${who}: none`,
    bars: own.map(o => {
      const left = span.percent(o.from);
      return {left, width: span.percent(o.to) - left, text: `${who}: ${showMs(o.ms)}; ${words.showErrors(o.errors)}`};
    }),
  };
}

function rowOf(result: Result, o: Outage, longest: number): OutageRow {
  return {
    workload: o.workload,
    client: o.client,
    from: words.since(result, o.from),
    to: words.since(result, o.to),
    length: showMs(o.ms),
    share: (o.ms / longest) * 100,
    errors: words.showErrors(o.errors),
  };
}
