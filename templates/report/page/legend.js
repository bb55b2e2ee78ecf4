import {bands} from "./data.js";
import {style} from "./look.js";

/** Fills the legend of a plot. Returns where the value of each line under the cursor goes. */
export function legend(list, kind) {
  list.replaceChildren();
  const values = kind.lines.map(line => entry(list, drawn(lineShape(line)), line.label));
  if (bands.length) entry(list, drawn(...bandShapes()), "fault, injected to healed");
  return values;
}

function entry(list, drawing, text) {
  const item = document.createElement("li");
  const value = document.createElement("output");
  value.setAttribute("aria-live", "off");
  item.append(drawing, text, value);
  list.append(item);
  return value;
}

function drawn(...shapes) {
  const space = "http://www.w3.org/2000/svg";
  const box = document.createElementNS(space, "svg");
  box.setAttribute("viewBox", "0 0 24 10");
  box.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of shapes) {
    const shape = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    box.append(shape);
  }
  return box;
}

function lineShape({colour, width, dash = []}) {
  const look = {stroke: style(colour), "stroke-width": width + 0.4, "stroke-dasharray": dash.join(" ")};
  return ["line", {x1: 0, x2: 24, y1: 5, y2: 5, ...look}];
}

function bandShapes() {
  const edge = {y: 0, width: 1.5, height: 10, fill: style("band-edge")};
  return [
    ["rect", {x: 0, y: 0, width: 24, height: 10, fill: style("band")}],
    ["rect", {x: 0, ...edge}],
    ["rect", {x: 22.5, ...edge}],
  ];
}
