import {trim} from "./look.js";

const showMs = v => (v >= 1000 ? `${trim(v / 1000, 2)} s` : `${trim(v, v < 10 ? 2 : 0)} ms`);

/** What is plotted of a workload. Dashes as well as colours tell the lines apart. */
export const kinds = {
  latency: {
    show: showMs,
    height: 230,
    logarithmic: true,
    range: (_, low, high) => [10 ** Math.floor(Math.log10(low || 1)), 10 ** Math.ceil(Math.log10((high || 1) * 1.01))],
    lines: [
      {key: "p50", label: "p50", colour: "ok", width: 2},
      {key: "p99", label: "p99", colour: "p99", width: 1.6, dash: [7, 4]},
      {key: "max", label: "max", colour: "max", width: 1.3, dash: [2, 3]},
    ],
  },
  throughput: {
    show: v => `${trim(v, 1)}/s`,
    height: 180,
    range: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.08)],
    lines: [
      {key: "ok", label: "acknowledged", colour: "ok", width: 1.6, fill: true},
      {key: "failed", label: "failed", colour: "fail", rare: true, width: 1.8, dash: [7, 4]},
      {key: "unknown", label: "unknown", colour: "unknown", rare: true, width: 1.8, dash: [2, 3]},
    ],
  },
  hits: {
    show: v => `${trim(v, 1)} %`,
    height: 150,
    range: () => [0, 104],
    lines: [{key: "hits", label: "share of reads", colour: "ok", width: 2}],
  },
};
