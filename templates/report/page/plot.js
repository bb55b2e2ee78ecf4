import {from, to, workloads} from "./data.js";
import {kinds} from "./kinds.js";
import {legend} from "./legend.js";
import {narrow, style, trim} from "./look.js";
import {marks} from "./marks.js";

/** Draws one plot of one workload into its place, with uPlot, which the page has before this script. */
export function draw(place) {
  const kind = kinds[place.dataset.chart];
  const workload = workloads[Number(place.dataset.workload)];
  const values = legend(place.parentElement.querySelector("[data-legend]"), kind);
  const options = {
    width: place.clientWidth,
    height: kind.height,
    padding: [22, 18, 0, 0],
    legend: {show: false},
    scales: {
      x: {time: false, range: (_, low, high) => (low === null || high - low < 0.05 ? [from, to] : [low, high])},
      y: {distr: kind.logarithmic ? 3 : 1, range: kind.range},
    },
    series: [{}, ...kind.lines.map(seriesOf)],
    axes: axes(kind),
    cursor: {sync: {key: "time", scales: ["x", null]}, y: false, drag: {x: true, y: false}, points: {size: 7}},
    plugins: [marks()],
    hooks: {setCursor: [u => tell(u, kind, values)]},
  };
  // The first and the last row stand for the whole span, so that every plot of the page shows the same time.
  const column = line => [null, ...(line.rare ? withoutRest(workload[line.key]) : workload[line.key]), null];
  const plot = new uPlot(options, [[from, ...workload.at, to], ...kind.lines.map(column)], place);
  plot.root.querySelector("canvas").setAttribute("aria-hidden", "true");
  return plot;
}

function seriesOf({label, colour, width, dash, fill}) {
  return {
    label,
    stroke: style(colour),
    width,
    dash,
    points: {show: (u, i) => lonely(u.data[i]).length > 0, filter: (u, i) => lonely(u.data[i])},
    fill: fill ? `color-mix(in srgb, ${style(colour)} 16%, transparent)` : undefined,
  };
}

function axes(kind) {
  const grid = {stroke: style("grid"), width: 1};
  const axis = {stroke: style("soft"), font: `12px ${style("sans")}`, grid, ticks: {show: false}};
  // Of a logarithmic axis only the powers of ten.
  const isWhole = tick => !kind.logarithmic || Number.isInteger(Number(Math.log10(tick).toFixed(9)));
  const filter = (_, ticks) => ticks.map(tick => (isWhole(tick) ? tick : null));
  const values = (_, ticks) => ticks.map(tick => (tick === null ? null : kind.show(tick)));
  return [
    {...axis, size: 26, space: narrow.matches ? 56 : 80, values: (_, ticks) => ticks.map(t => `${trim(t, 2)} s`)},
    {...axis, size: 58, filter, grid: {...grid, filter}, values},
  ];
}

/** The values under the cursor, into the legend. */
function tell(u, kind, values) {
  const index = u.cursor.idx;
  kind.lines.forEach((_, i) => {
    const value = index === null || index === undefined ? null : u.data[i + 1][index];
    values[i].textContent = value === null || value === undefined ? "" : kind.show(value);
  });
}

/** Where a value stands between two gaps, which no line would show. */
function lonely(values) {
  const alone = (v, i) => v !== null && values[i - 1] === null && values[i + 1] === null;
  return values.flatMap((v, i) => (alone(v, i) ? [i] : []));
}

/** What is rare is drawn where it happens: no line along zero. */
function withoutRest(values) {
  return values.map((v, i) => (v || values[i - 1] || values[i + 1] ? v : null));
}
