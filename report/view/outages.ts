import {showMs} from "../../lib/durations.ts";
import type {Result} from "../../lib/result.ts";
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
    bars: Bar[];
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

/** When one part of the machine stood still. */
export interface MachineLane {
  of: string;
  described: string;
  bars: Bar[];
}

interface Bar {
  left: number;
  width: number;
  text: string;
}

export interface OutagesView {
  lanes: OutageLanes[];
  /** Only of parts that did. */
  machine: MachineLane[];
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
    machine: machineLanes(result.standstills, span),
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
    bars: own.map(o => barOf(o, span, `${who}: ${showMs(o.ms)}; ${words.showErrors(o.errors)}`)),
  };
}

/** Those within the span: the watcher looks a little longer. */
function machineLanes(standstills: Result["standstills"] = [], span: Span): MachineLane[] {
  const shown = standstills.filter(({from, to}) => to > span.from && from < span.to);
  return [...Map.groupBy(shown, s => s.of)].sort().map(([of, own]) => ({
    of,
    described: `machine, ${of}: ${words.showStandstills(own)}`,
    bars: own.map(s => barOf(s, span, `the ${of} stood still for ${showMs(s.to - s.from)}`)),
  }));
}

function barOf({from, to}: {from: number; to: number}, span: Span, text: string): Bar {
  const left = span.percent(from);
  return {left, width: span.percent(to) - left, text};
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
