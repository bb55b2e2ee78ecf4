import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {isDeepStrictEqual} from "node:util";
import test from "ava";
import type {WorkloadResult} from "../lib/result.ts";
import {temporaryFolder} from "../test/folder.ts";
import {escapeHtml, indexHtml, jsonForScript, reportHtml} from "./html.ts";
import {indexOf} from "./index-document.ts";
import {junit} from "./junit.ts";
import {readResult, readResults} from "./read.ts";
import {reportFolders, writeIndex, writeReport} from "./report.ts";
import {sampleCache, sampleFailure, sampleResult} from "./sample.ts";
import {viewOf} from "./view/view.ts";

const evil = `</script><script>alert(1)</script><img src=x onerror=alert(2)>"'&]]>\u0000\u001b\ud800\u2028`;

/** Attributes and text of every element, or an error where the XML is not well-formed enough to be nested and quoted
 *  right. */
function parse(xml: string): {name: string; attributes: string}[] {
  const open: string[] = [];
  const found: {name: string; attributes: string}[] = [];
  const bare = xml.replace(/<!\[CDATA\[.*?\]\]>/gs, "").replace(/^<\?xml[^>]*\?>/, "");
  const rest = bare.replace(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g, (_, end, name, attributes, empty) => {
    if (end && open.pop() !== name) throw new Error(`</${name}> does not match`);
    if (!end) found.push({name, attributes});
    if (!end && !empty) open.push(name);
    return "";
  });
  if (open.length || /[<>]/.test(rest)) throw new Error(`not well-formed: ${open} ${rest}`);
  for (const [entity] of bare.matchAll(/&[^;\s]*;?/g)) {
    if (!/^&(amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);$/.test(entity)) throw new Error(`bad entity ${entity}`);
  }
  return found;
}

test("junit: a test case a bound and one for the verdict", t => {
  const found = parse(junit([sampleResult(), sampleFailure()]));
  t.is(found.filter(e => e.name === "testsuite").length, 2);
  t.is(found.filter(e => e.name === "testcase").length, 5 + 1 + 3 + 1);
  t.is(found.filter(e => e.name === "failure").length, 3);
  t.is(found.filter(e => e.name === "error").length, 1);
});

test("junit stays well-formed whatever a run says", t => {
  const result = sampleFailure();
  Object.assign(result, {scenario: evil, summary: evil, reasons: [evil], command: evil, stack: evil});
  result.bounds[0]!.bound = evil;
  result.faults[0]!.asked = evil;
  const xml = junit([result]);
  t.notThrows(() => parse(xml));
  t.true(xml.isWellFormed());
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for them
  t.notRegex(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
});

test("report.json is the result, and is read back", t => {
  const at = temporaryFolder();
  for (const result of [sampleResult(), sampleFailure(), sampleCache()]) {
    writeReport(result, at);
    t.true(isDeepStrictEqual(readResult(join(at, "report.json")), result));
    t.deepEqual(readdirSync(at).sort(), ["junit.xml", "report.html", "report.json"]);
  }
});

test("nothing of a result is lost in its file: neither what few runs have, nor what a newer Holdfast adds", t => {
  const at = temporaryFolder();
  const result = sampleFailure();
  Object.assign(result.workloads.rows!, {
    notSent: 3,
    outOfOrder: 2,
    client: {cpuShare: 0.4, longestStallMs: 31, lateMs: 2.5},
    routes: {"/fast": {ok: 9, failed: 1, unknown: 2, errors: {ECONNRESET: 1}}},
    servers: {"web-0": 5, "web-1": 4},
  } satisfies Partial<WorkloadResult>);
  result.faults[0]!.params = {direction: "in", percent: 30};
  Object.assign(result.budgets![0]!, {before: 40, terms: [{name: "check", ms: 200, upTo: true}]});
  for (const place of [result, result.workloads.rows!, result.faults[0]!, result.bounds[0]!, result.budgets![0]!])
    Object.assign(place, {newer: 1});
  writeReport(result, at);
  t.deepEqual(readResult(join(at, "report.json")), result);
});

test("text from a run is text in the page", t => {
  const result = sampleFailure();
  Object.assign(result, {scenario: evil, summary: evil, reasons: [evil], command: evil, stack: evil});
  result.workloads = {[evil]: result.workloads.rows!};
  result.bounds[0]!.bound = evil;
  Object.assign(result.faults[0]!, {asked: evil, members: [evil], evidence: evil});
  Object.assign(result.members[0]!, {
    member: evil,
    zone: evil,
    states: [{at: result.started, state: evil, healthy: false}],
  });
  result.machine = {[evil]: evil};
  result.settings = {[evil]: evil};
  result.known = [{workload: evil, anomaly: evil, because: evil, measured: 1}];
  result.budgets = [{workload: evil, fault: evil, ms: 5, terms: [{name: evil, ms: 5}], measured: 6}];
  result.logs = [{fault: 0, member: evil, process: evil, lines: [{text: evil}, {at: result.started, text: evil}]}];
  const [finding] = result.workloads[evil]!.findings!;
  Object.assign(finding!, {anomaly: evil, text: evil});
  Object.assign(finding!.operations[0]!, {kind: evil, value: evil, data: [[evil, evil, evil]], error: evil});
  const html = reportHtml(result);
  t.false(indexHtml([result, result], indexOf([result, result], ["a", "b"])).includes("<img"));
  t.false(html.includes("alert(1)</script>"));
  t.false(html.includes("<img"));
  t.is(html.match(/<script/g)!.length, 3);
  t.is(html.match(/<\/script/g)!.length, 3);
});

test("what stands between backticks in a reason is code, and a lone backtick is none", t => {
  const html = reportHtml(sampleResult({reasons: ["`outage rows` is <5 s", "a ` alone"]}));
  t.true(html.includes("<code>outage rows</code> is &lt;5 s"));
  t.true(html.includes("a ` alone"));
});

test("JSON in a script element", t => {
  t.deepEqual(JSON.parse(jsonForScript({a: evil.toWellFormed()})), {a: evil.toWellFormed()});
  t.notRegex(jsonForScript("</script><!--"), /[<>]/);
  t.is(escapeHtml(`<a b="c" d='e'>&`), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
  t.throws(() => escapeHtml(undefined));
});

test("the page asks nothing of anywhere", t => {
  const html = reportHtml(sampleResult());
  t.notRegex(html, /(src|href)="(https?:)?\/\//);
  t.notRegex(html, /url\(|@import/);
  t.regex(html, /Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;sha256-/);
});

test("a page of runs without anything in them", t => {
  const empty = sampleResult({workloads: {}, bounds: [], faults: [], members: [], phases: [], machine: {}});
  t.notThrows(() => reportHtml(empty));
  const silent = sampleResult();
  for (const w of Object.values(silent.workloads)) Object.assign(w, {series: [], outages: [], errors: {}});
  t.true(reportHtml(silent).includes("None: no client waited"));
});

test("hundreds of thousands of outages do not break the page", t => {
  const result = sampleResult();
  const one = result.workloads.rows!.outages[0]!;
  result.workloads.rows!.outages = Array.from({length: 300_000}, (_, i) => ({...one, client: i}));
  const view = viewOf(result);
  t.is(view.outages.rows.length, 6);
  t.is(view.outages.more, 300_000 + 4 - 6);
});

test("lanes cover the plotted time", t => {
  const view = viewOf(sampleResult());
  for (const lane of view.lanes) {
    t.is(lane.parts[0]!.left, 0);
    t.true(Math.abs(lane.parts.reduce((sum, p) => sum + p.width, 0) - 100) < 0.001);
  }
});

test("an index over several runs", t => {
  const at = temporaryFolder();
  const results = [sampleResult(), sampleFailure(), sampleResult(), sampleCache()];
  const names = reportFolders(results);
  t.deepEqual(names, ["zone-lost", "galera-writer-paused", "zone-lost-2", "memcached-member-killed"]);
  results.forEach((result, i) => {
    writeReport(result, join(at, names[i]!));
  });
  t.is(writeIndex(results, at), join(at, "index.html"));
  const index = JSON.parse(readFileSync(join(at, "index.json"), "utf8"));
  t.is(index.verdict, "fail");
  t.is(index.runs[1].lost, 1);
  t.deepEqual(index.runs[0].outages[0], {
    workload: "rows",
    measured: results[0]!.workloads.rows!.longestOutageMs,
    limit: 3500,
    verdict: "pass",
    budget: 2950,
  });
  t.deepEqual(
    readResults(at).runs.map(run => run.result.scenario),
    ["zone/lost", "galera/writer-paused", "zone/lost", "memcached/member-killed"],
  );
});

test("a report that is damaged does not hide the others", t => {
  const at = temporaryFolder();
  for (const name of ["a", "b", "c"]) writeReport(sampleResult(), join(at, name));
  writeFileSync(join(at, "b", "report.json"), "{");
  const {runs, unreadable} = readResults(at);
  t.deepEqual(
    runs.map(run => run.folder),
    [join(at, "a"), join(at, "c")],
  );
  t.is(unreadable.length, 1);
  t.regex(unreadable[0]!, /b\/report\.json: cannot be read as JSON/);
  for (const name of ["a", "c"]) writeFileSync(join(at, name, "report.json"), "{}");
  t.throws(() => readResults(at), {message: /a\/report\.json: is not a report of version 1/});
});

test("folder names stay inside the folder", t => {
  t.deepEqual(reportFolders([{scenario: "../../etc/x"}, {scenario: ".."}, {scenario: "/"}]), ["etc-x", "run", "run-2"]);
});

test("what cannot be written is said with the path and what to do", t => {
  const at = temporaryFolder();
  writeFileSync(join(at, "file"), "");
  const error = t.throws(() => writeReport(sampleResult(), join(at, "file", "in")), {name: "ReportError"});
  t.regex(error!.message, /Cannot write .*file\/in: a part of that path is a file: name another folder/);
  mkdirSync(join(at, "taken", "report.json"), {recursive: true});
  t.throws(() => writeReport(sampleResult(), join(at, "taken")), {message: /there is a folder of that name/});
  t.false(existsSync(join(at, "taken", "report.json.part")));
  if (existsSync("/dev/full")) {
    mkdirSync(join(at, "full"));
    symlinkSync("/dev/full", join(at, "full", "report.json.part"));
    t.throws(() => writeReport(sampleResult(), join(at, "full")), {
      message: /report\.json: the disk is full: free some space/,
    });
    t.deepEqual(readdirSync(join(at, "full")), []);
  }
  chmodSync(at, 0o500);
  if (process.getuid?.() !== 0)
    t.throws(() => writeReport(sampleResult(), join(at, "new")), {message: /may not write/});
  chmodSync(at, 0o700);
});

test("what is no report is refused with the fields", t => {
  const at = temporaryFolder();
  const file = join(at, "report.json");
  writeFileSync(file, "{");
  t.throws(() => readResult(file), {message: /cannot be read as JSON/});
  writeFileSync(file, JSON.stringify({...sampleResult(), verdict: "maybe"}));
  t.throws(() => readResult(file), {message: /report\.json: is not a report of version 1: verdict: /});
  t.throws(() => readResults(join(at, "none")), {message: /no such file or folder/});
  t.throws(() => readResults("/dev/null"), {message: /is neither a file nor a folder/});
  rmSync(file);
  t.throws(() => readResults(at), {message: /no report\.json/});
});
