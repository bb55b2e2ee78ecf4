import type {Result} from "../../lib/result.ts";
import {origin} from "../words.ts";

/** The time that plots, lanes and outages of a page show, so that one can be read below the other. Unix
 *  milliseconds. */
export class Span {
  readonly from: number;
  readonly to: number;
  readonly #origin: number;

  /** From the load to the end of what was seen of clients and members, without the converge phase. */
  constructor(result: Result) {
    const series = Object.values(result.workloads).filter(w => w.series.length);
    const settled = result.phases.filter(p => ["fault", "heal", "settle"].includes(p.name)).map(p => p.to);
    const ends = series.map(w => w.series.at(-1)!.at + w.bucketMs);
    this.#origin = origin(result);
    this.from = Math.min(this.#origin, ...series.map(w => w.series[0]!.at));
    this.to = Math.max(...ends, ...settled, ...result.faults.map(f => f.healed ?? f.injected), this.from + 1000);
  }

  /** Place in percent of the span; moments outside of it are at its ends. */
  percent(at: number): number {
    return ((Math.min(this.to, Math.max(this.from, at)) - this.from) / (this.to - this.from)) * 100;
  }

  /** Seconds since the begin of the load. */
  seconds(at: number): number {
    return (at - this.#origin) / 1000;
  }

  /** At most about eight round marks. */
  ticks(): {left: number; text: string}[] {
    const [from, to] = [this.seconds(this.from), this.seconds(this.to)];
    const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
    const step = steps.find(s => (to - from) / s <= 8) ?? 7200;
    const marks: {left: number; text: string}[] = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
      marks.push({left: ((at - from) / (to - from)) * 100, text: `${at} s`});
    }
    return marks;
  }
}
