import {workloads} from "./data.js";
import {kinds} from "./kinds.js";

/** Fills the table below a plot when it is opened for the first time. */
export function fill(details) {
  const place = details.querySelector(".scroll");
  if (place.firstChild) return;
  const {lines, show} = kinds[details.dataset.table];
  const workload = workloads[Number(details.dataset.workload)];
  const table = document.createElement("table");
  row(table.createTHead(), "th", ["from", ...lines.map(l => l.label)]);
  const body = table.createTBody();
  workload.at.forEach((at, i) => {
    const values = lines.map(({key}) => workload[key][i]);
    row(body, "td", [`${at} s`, ...values.map(value => (value === null ? "–" : show(value)))]);
  });
  place.append(table);
}

function row(parent, tag, cells) {
  const line = parent.insertRow();
  for (const text of cells) {
    const cell = document.createElement(tag);
    cell.className = "num";
    cell.textContent = text;
    line.append(cell);
  }
}
