import type {Result, WorkloadResult} from "../../lib/result.ts";
import type {Span} from "./span.ts";

/** What the script in the page draws. Seconds since the begin of the load. */
export interface Charts {
  from: number;
  to: number;
  bands: {from: number; to: number; text: string}[];
  phases: {at: number; text: string}[];
  workloads: Series[];
}

interface Series {
  name: string;
  bucketS: number;
  at: number[];
  ok: number[];
  failed: number[];
  unknown: number[];
  p50: (number | null)[];
  p99: (number | null)[];
  max: (number | null)[];
  hits?: (number | null)[];
}

/** The lines of all plots, with the faults behind them. */
export function chartsOf(result: Result, span: Span): Charts {
  return {
    from: span.seconds(span.from),
    to: span.seconds(span.to),
    bands: result.faults.map(f => ({
      from: span.seconds(f.injected),
      to: span.seconds(f.healed ?? span.to),
      text: f.asked,
    })),
    phases: result.phases.map(p => ({at: span.seconds(p.from), text: p.name})),
    workloads: Object.entries(result.workloads).map(([name, w]) => seriesOf(name, w, span)),
  };
}

function seriesOf(name: string, w: WorkloadResult, span: Span): Series {
  const perSecond = (n: number) => Number(((n * 1000) / w.bucketMs).toFixed(2));
  const short = (n: number | undefined) => (n === undefined || n <= 0 ? null : Number(n.toPrecision(4)));
  const hits = w.series.some(row => row.hitRate !== undefined);
  return {
    name,
    bucketS: w.bucketMs / 1000,
    at: w.series.map(row => Number(span.seconds(row.at).toFixed(3))),
    ok: w.series.map(row => perSecond(row.ok)),
    failed: w.series.map(row => perSecond(row.failed)),
    unknown: w.series.map(row => perSecond(row.unknown)),
    p50: w.series.map(row => short(row.p50)),
    p99: w.series.map(row => short(row.p99)),
    max: w.series.map(row => short(row.max)),
    ...(hits
      ? {hits: w.series.map(row => (row.hitRate === undefined ? null : Number((row.hitRate * 100).toFixed(2))))}
      : {}),
  };
}
