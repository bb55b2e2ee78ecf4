import {readdirSync, readFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {projectRoot} from "../lib/paths.ts";
import {findScenarios} from "../runner/scenario/find.ts";

const page = readFileSync(join(projectRoot, "docs/catalogue.md"), "utf8");
const scenarios = await findScenarios([join(projectRoot, "scenarios")]);
const folders = readdirSync(join(projectRoot, "scenarios"), {withFileTypes: true}).filter(entry => entry.isDirectory());

/** Paragraphs that begin with the name of a scenario in bold, and their text. */
const paragraphs = page.split(/\n\s*\n/).flatMap(text => {
  const name = /^\*\*`([^`]+)`\*\*/.exec(text)?.[1];
  return name === undefined ? [] : [{name, text: text.replaceAll(/\s+/g, " ")}];
});

test("every scenario has one paragraph in the catalogue, and every paragraph its scenario", t => {
  t.deepEqual(paragraphs.map(p => p.name).sort(), scenarios.map(s => s.name).sort());
});

test("the catalogue names no scenario that is not there", t => {
  const names = scenarios.map(s => s.name);
  const named = [...page.matchAll(new RegExp(`\\b(?:${folders.map(f => f.name).join("|")})/[a-z0-9-]+`, "g"))];
  t.deepEqual(
    named.map(match => match[0]).filter(name => !names.includes(name)),
    [],
  );
});

test("paragraphs have the bounds on outages as the scenarios do", t => {
  for (const {name, bounds} of scenarios) {
    const text = paragraphs.find(p => p.name === name)?.text ?? "";
    for (const [workload, limit] of Object.entries(bounds.outage)) {
      const words = limit === "budget" ? "`budget`" : `\\b${limit / 1000} s\\b`;
      t.regex(text, new RegExp(words), `${name}: outage of ${workload}`);
    }
  }
});

test("known anomalies are those that the scenarios list", t => {
  const known = scenarios.flatMap(({name, anomalies}) =>
    anomalies.map(({workload, anomaly, because}) => `| \`${name}\` | ${workload} | ${anomaly} | ${because} |`),
  );
  const section = page.split("## Known anomalies")[1]!.split("\n## ")[0]!;
  t.deepEqual(
    section.split("\n").filter(line => line.startsWith("| `")),
    known,
  );
});
