// Runs in the page of a report: draws the plots with uPlot (inlined before it) and fills the tables beside them.
(() => {
  const {from, to, bands, phases, workloads} = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 640px)");
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const trim = (n, digits) => String(Number(n.toFixed(digits)));
  const showMs = v => (v >= 1000 ? `${trim(v / 1000, 2)} s` : `${trim(v, v < 10 ? 2 : 0)} ms`);
  const showRate = v => `${trim(v, 1)}/s`;

  // Dashes as well as colours tell the lines apart.
  const kinds = {
    latency: {
      show: showMs,
      height: 230,
      lines: [
        {key: "p50", label: "p50", colour: "ok", width: 2},
        {key: "p99", label: "p99", colour: "p99", width: 1.6, dash: [7, 4]},
        {key: "max", label: "max", colour: "max", width: 1.3, dash: [2, 3]},
      ],
    },
    throughput: {
      show: showRate,
      height: 180,
      lines: [
        {key: "ok", label: "acknowledged", colour: "ok", width: 1.6, fill: true},
        {key: "failed", label: "failed", colour: "fail", rare: true, width: 1.8, dash: [7, 4]},
        {key: "unknown", label: "unknown", colour: "unknown", rare: true, width: 1.8, dash: [2, 3]},
      ],
    },
    hits: {
      show: v => `${trim(v, 1)} %`,
      height: 150,
      lines: [{key: "hits", label: "share of reads", colour: "ok", width: 2}],
    },
  };

  /** Fault bands behind the lines, and a mark with its name where each phase begins. */
  function marks() {
    return {
      hooks: {
        drawClear: [
          u => {
            const {ctx, bbox} = u;
            ctx.save();
            ctx.beginPath();
            ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
            ctx.clip();
            for (const band of bands) {
              const x0 = u.valToPos(band.from, "x", true);
              const x1 = u.valToPos(band.to, "x", true);
              ctx.fillStyle = style("band");
              ctx.fillRect(x0, bbox.top, Math.max(2, x1 - x0), bbox.height);
              ctx.fillStyle = style("band-edge");
              ctx.fillRect(x0, bbox.top, 1.5 * devicePixelRatio, bbox.height);
              ctx.fillRect(x1, bbox.top, 1.5 * devicePixelRatio, bbox.height);
            }
            ctx.restore();
          },
        ],
        draw: [
          u => {
            const {ctx, bbox} = u;
            const scale = devicePixelRatio;
            ctx.save();
            ctx.font = `${11 * scale}px ${style("sans")}`;
            ctx.textBaseline = "bottom";
            ctx.textAlign = "left";
            let free = Number.NEGATIVE_INFINITY;
            for (const phase of phases) {
              const x = u.valToPos(phase.at, "x", true);
              if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
              ctx.strokeStyle = style("soft");
              ctx.globalAlpha = 0.55;
              ctx.setLineDash([scale, 3 * scale]);
              ctx.beginPath();
              ctx.moveTo(x, bbox.top - 4 * scale);
              ctx.lineTo(x, bbox.top + bbox.height);
              ctx.stroke();
              ctx.globalAlpha = 1;
              const width = ctx.measureText(phase.text).width;
              const left = Math.min(x, bbox.left + bbox.width - width);
              if (left < free) continue;
              ctx.fillStyle = style("soft");
              ctx.fillText(phase.text, left, bbox.top - 4 * scale);
              free = left + width + 6 * scale;
            }
            ctx.restore();
          },
        ],
      },
    };
  }

  function legend(list, kind) {
    list.replaceChildren();
    const entry = (drawing, text) => {
      const item = document.createElement("li");
      const value = document.createElement("output");
      value.setAttribute("aria-live", "off");
      item.append(drawing, text, value);
      list.append(item);
      return value;
    };
    const svg = inner => {
      const box = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      box.setAttribute("viewBox", "0 0 24 10");
      box.setAttribute("aria-hidden", "true");
      for (const [name, attributes] of inner) {
        const shape = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
        box.append(shape);
      }
      return box;
    };
    const line = l =>
      svg([
        [
          "line",
          {
            x1: 0,
            x2: 24,
            y1: 5,
            y2: 5,
            stroke: style(l.colour),
            "stroke-width": l.width + 0.4,
            "stroke-dasharray": (l.dash ?? []).join(" "),
          },
        ],
      ]);
    const values = kind.lines.map(l => entry(line(l), l.label));
    if (bands.length) {
      const edge = {y: 0, width: 1.5, height: 10, fill: style("band-edge")};
      entry(
        svg([
          ["rect", {x: 0, y: 0, width: 24, height: 10, fill: style("band")}],
          ["rect", {x: 0, ...edge}],
          ["rect", {x: 22.5, ...edge}],
        ]),
        "fault, injected to healed",
      );
    }
    return values;
  }

  function draw(place) {
    const kind = kinds[place.dataset.chart];
    const workload = workloads[Number(place.dataset.workload)];
    const values = legend(place.parentElement.querySelector("[data-legend]"), kind);
    const grid = {stroke: style("grid"), width: 1};
    const axis = {stroke: style("soft"), font: `12px ${style("sans")}`, grid, ticks: {show: false}};
    const logarithmic = place.dataset.chart === "latency";
    // Of a logarithmic axis only the powers of ten.
    const whole = (_, ticks) =>
      ticks.map(t => (logarithmic && !Number.isInteger(Number(Math.log10(t).toFixed(9))) ? null : t));
    const ranges = {
      latency: (_, low, high) => [
        10 ** Math.floor(Math.log10(low || 1)),
        10 ** Math.ceil(Math.log10((high || 1) * 1.01)),
      ],
      throughput: (_, __, high) => [0, Math.max(1, (high ?? 0) * 1.08)],
      hits: () => [0, 104],
    };
    const options = {
      width: place.clientWidth,
      height: kind.height,
      padding: [22, 18, 0, 0],
      legend: {show: false},
      scales: {
        x: {time: false, range: (_, low, high) => (low === null || high - low < 0.05 ? [from, to] : [low, high])},
        y: {distr: logarithmic ? 3 : 1, range: ranges[place.dataset.chart]},
      },
      series: [
        {},
        ...kind.lines.map(l => ({
          label: l.label,
          stroke: style(l.colour),
          width: l.width,
          dash: l.dash,
          points: {show: (u, i) => lonely(u.data[i])},
          fill: l.fill ? `color-mix(in srgb, ${style(l.colour)} 16%, transparent)` : undefined,
        })),
      ],
      axes: [
        {...axis, size: 26, space: narrow.matches ? 56 : 80, values: (_, ticks) => ticks.map(t => `${trim(t, 2)} s`)},
        {
          ...axis,
          size: 58,
          filter: whole,
          grid: {...grid, filter: whole},
          values: (_, ticks) => ticks.map(t => (t === null ? null : kind.show(t))),
        },
      ],
      cursor: {sync: {key: "time", scales: ["x", null]}, y: false, drag: {x: true, y: false}, points: {size: 7}},
      plugins: [marks()],
      hooks: {
        setCursor: [
          u => {
            const index = u.cursor.idx;
            kind.lines.forEach((_, i) => {
              const value = index === null || index === undefined ? null : u.data[i + 1][index];
              values[i].textContent = value === null || value === undefined ? "" : kind.show(value);
            });
          },
        ],
      },
    };
    // The first and the last row stand for the whole span, so that every plot of the page shows the same time.
    const column = l => [null, ...(l.rare ? withoutRest(workload[l.key]) : workload[l.key]), null];
    const plot = new uPlot(options, [[from, ...workload.at, to], ...kind.lines.map(column)], place);
    plot.root.querySelector("canvas").setAttribute("aria-hidden", "true");
    return plot;
  }

  /** Whether a row has a value between two gaps, which no line would show. */
  function lonely(values) {
    return values.some((v, i) => v !== null && values[i - 1] === null && values[i + 1] === null);
  }

  /** What is rare is drawn where it happens: no line along zero. */
  function withoutRest(values) {
    return values.map((v, i) => (v || values[i - 1] || values[i + 1] ? v : null));
  }

  function fill(details) {
    const place = details.querySelector(".scroll");
    if (place.firstChild) return;
    const kind = kinds[details.dataset.table];
    const workload = workloads[Number(details.dataset.workload)];
    const table = document.createElement("table");
    const row = (parent, tag, cells) => {
      const line = parent.insertRow();
      for (const text of cells) {
        const cell = document.createElement(tag);
        cell.className = "num";
        cell.textContent = text;
        line.append(cell);
      }
    };
    row(table.createTHead(), "th", ["from", ...kind.lines.map(l => l.label)]);
    const body = table.createTBody();
    workload.at.forEach((at, i) => {
      row(body, "td", [
        `${at} s`,
        ...kind.lines.map(l => (workload[l.key][i] === null ? "–" : kind.show(workload[l.key][i]))),
      ]);
    });
    place.append(table);
  }

  const places = [...document.querySelectorAll("[data-chart]")];
  let plots = [];
  const drawAll = () => {
    for (const plot of plots) plot.destroy();
    plots = places.map(draw);
  };
  drawAll();
  dark.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
  addEventListener("resize", () => {
    places.forEach((place, i) => {
      plots[i].setSize({width: place.clientWidth, height: kinds[place.dataset.chart].height});
    });
  });
  for (const details of document.querySelectorAll("[data-table]"))
    details.addEventListener("toggle", () => fill(details));

  const copy = document.getElementById("copy");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById("command").textContent);
      copy.textContent = "Copied";
    });
  }
})();
