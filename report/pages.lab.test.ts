import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {type Browser, findChromium, openBrowser} from "./browser.ts";
import {reportFolders, writeIndex, writeReport} from "./report.ts";
import {sampleCache, sampleFailure, sampleProfiles, sampleResult} from "./sample.ts";

const program = findChromium();
const check = program ? test.serial : test.serial.skip;
if (!program)
  test.skip("Chromium is missing: the pages of reports are not looked at. On Debian: apt-get install chromium", () => {});

const silent = sampleResult({scenario: "steady/silent", faults: [], members: []});
for (const w of Object.values(silent.workloads)) Object.assign(w, {series: [], outages: []});
const results = [sampleResult(), sampleFailure(), sampleCache(), silent, ...sampleProfiles()];
const names = reportFolders(results);
const folder = temporaryFolder();
let browser: Browser;

test.before(async () => {
  if (!program) return;
  results.forEach((result, i) => {
    writeReport(result, join(folder, names[i]!));
  });
  writeIndex(results, folder);
  browser = await openBrowser(program);
});

test.after.always(() => browser?.close());

/** Plots with a pixel that is not empty. */
const drawn = `[...document.querySelectorAll("canvas")].filter(c =>
  c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(v => v)).length`;
/** Text that is wider than its box and is cut off there, other than the names of states in lanes, which have a
 *  title. */
const clipped = `[...document.querySelectorAll("main *")].filter(e => {
  const {overflowX} = getComputedStyle(e);
  return overflowX === "hidden" && e.scrollWidth > e.clientWidth + 1 && !e.matches(".part, .hidden, .track, thead");
}).map(e => e.className + ": " + e.textContent.slice(0, 40))`;
const overflow = "document.documentElement.scrollWidth - innerWidth";

for (const screen of [{width: 1280}, {width: 1280, dark: true}, {width: 390}, {width: 360, dark: true}]) {
  for (const [page, plots] of [
    [`${names[0]}/report.html`, 4],
    [`${names[1]}/report.html`, 4],
    [`${names[2]}/report.html`, 3],
    [`${names[3]}/report.html`, 4],
    ["index.html", 0],
  ] as const) {
    check(`${page} at ${screen.width} px${screen.dark ? ", dark" : ""}`, async t => {
      const look = await browser.look(`file://${folder}/${page}`, screen);
      t.deepEqual(look.errors, []);
      t.deepEqual(look.requests, [`file://${folder}/${page}`]);
      t.is(await look.evaluate<number>(drawn), plots);
      t.true((await look.evaluate<number>(overflow)) <= 0);
      // Logs and tables are as wide as they like only inside of their own scroll.
      await look.evaluate("for (const d of document.querySelectorAll('details')) d.open = true");
      t.true((await look.evaluate<number>(overflow)) <= 0);
      t.deepEqual(await look.evaluate<string[]>(clipped), []);
    });
  }
}

check("tables beside the plots fill when they are opened", async t => {
  const look = await browser.look(`file://${folder}/${names[0]}/report.html`, {width: 1280});
  const rows = await look.evaluate<number>(`new Promise(done => {
    const details = document.querySelector("[data-table=latency]");
    details.addEventListener("toggle", () => setTimeout(() => done(details.querySelectorAll("tbody tr").length)));
    details.open = true;
  })`);
  t.is(rows, results[0]!.workloads.rows!.series.length);
});

check("what a failed run shows: history, budgets, known anomalies, outages, logs", async t => {
  const look = await browser.look(`file://${folder}/${names[1]}/report.html`, {width: 1280});
  const count = (selector: string) => look.evaluate<number>(`document.querySelectorAll("${selector}").length`);
  t.is(await count(".finding"), 2);
  t.is(await count(".history tbody tr"), 6);
  t.is(await count(".budget .stack i"), 11);
  t.is(await count(".known"), 3);
  t.is(await count(".clients .track.thin:not(.still)"), 8);
  t.is(await count(".clients .track.still"), 2);
  t.is(await count("details.log"), 5);
  t.is(await count("details.log[open]"), 0);
  const [text] = await look.evaluate<string[]>(`[document.querySelector(".history .did").textContent]`);
  t.is(text, "r 7 → [35 more, … 36, 37, 38, 39, 40, 41]\nappend 7 ← 43");
});

check("runs side by side have one scale, and every dot leads to its report", async t => {
  const look = await browser.look(`file://${folder}/index.html`, {width: 1280});
  const strips = await look.evaluate<{dots: number[]; links: string[]; mark: number}[]>(`
    [...document.querySelectorAll(".strip")].map(strip => ({
      dots: [...strip.querySelectorAll("a")].map(a => a.getBoundingClientRect().left),
      links: [...strip.querySelectorAll("a")].map(a => a.getAttribute("href")),
      mark: strip.querySelector("b").getBoundingClientRect().left,
    }))`);
  t.is(strips.length, 3);
  t.true(Math.max(...strips[0]!.dots) < Math.min(...strips[1]!.dots));
  t.true(strips.every(s => s.dots.length === 3 && Math.max(...s.dots) < s.mark));
  t.deepEqual(
    strips.flatMap(s => s.links),
    names.slice(4).map(name => `${name}/report.html`),
  );
});

check("colours have the contrast that text needs, in light and dark", async t => {
  for (const dark of [false, true]) {
    const look = await browser.look(`file://${folder}/${names[1]}/report.html`, {width: 1280, dark});
    const low = await look.evaluate<string[]>(`(() => {
      const channels = text => (text.match(/[\\d.]+/g) ?? []).map(Number);
      const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const back = e => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length === 3) return c; } };
      const low = [];
      for (const e of document.querySelectorAll("main *")) {
        if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || e.closest(".hidden, svg")) continue;
        const a = light(channels(getComputedStyle(e).color)), b = light(back(e));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5 && !e.matches(".up")) low.push(e.className + " " + e.textContent.slice(0, 30) + " " + ratio.toFixed(2));
      }
      return [...new Set(low)];
    })()`);
    t.deepEqual(low, []);
  }
});
