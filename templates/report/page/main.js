// Runs in the page of a report: draws the plots, fills the tables beside them, and copies the command.
import {kinds} from "./kinds.js";
import {dark, narrow} from "./look.js";
import {draw} from "./plot.js";
import {fill} from "./table.js";

const places = [...document.querySelectorAll("[data-chart]")];
let plots = [];

function drawAll() {
  for (const plot of plots) plot.destroy();
  plots = places.map(draw);
}

function resize() {
  places.forEach((place, i) => {
    plots[i].setSize({width: place.clientWidth, height: kinds[place.dataset.chart].height});
  });
}

drawAll();
dark.addEventListener("change", drawAll);
narrow.addEventListener("change", drawAll);
addEventListener("resize", resize);
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
