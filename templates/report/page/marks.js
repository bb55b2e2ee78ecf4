import {bands, phases} from "./data.js";
import {style} from "./look.js";

/** Fault bands behind the lines, and a mark with its name where each phase begins. */
export function marks() {
  return {hooks: {drawClear: [drawBands], draw: [drawPhases]}};
}

function drawBands(u) {
  const {ctx, bbox} = u;
  const edge = 1.5 * devicePixelRatio;
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
    for (const x of [x0, x1]) ctx.fillRect(x, bbox.top, edge, bbox.height);
  }
  ctx.restore();
}

function drawPhases(u) {
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
}
