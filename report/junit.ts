import junitReportBuilder, {type Builder} from "junit-report-builder";
import type {BoundResult, Result} from "../lib/result.ts";
import {meanings, showBound, showErrors} from "./words.ts";

/** The package exports the builder itself; its types say so under one more `default`. */
const builder = junitReportBuilder as unknown as Builder;

/** JUnit XML of runs: one suite a run, one test case a bound and one for the verdict. `unknown` is an error, `fail` a
 *  failure. */
export function junit(results: Result[]): string {
  const report = builder.newBuilder();
  for (const result of results) {
    const suite = report
      .testSuite()
      .name(clean(result.scenario))
      .timestamp(new Date(result.started).toISOString().slice(0, 19))
      .time((result.ended - result.started) / 1000)
      .property("stack", clean(result.stack))
      .property("seed", `${result.seed}`)
      .property("command", clean(result.command));
    const className = clean(`holdfast.${result.scenario.replaceAll("/", ".")}`);
    for (const bound of result.bounds) {
      const test = suite.testCase().className(className).name(clean(bound.bound));
      const text = sentence(bound);
      if (bound.verdict === "fail") test.failure(clean(text), "bound");
      else if (bound.verdict === "unknown") test.error(clean(text), "unknown");
      else test.standardOutput(cdata(text));
    }
    const verdict = suite
      .testCase()
      .className(className)
      .name("verdict")
      .time((result.ended - result.started) / 1000)
      .standardOutput(cdata(details(result)));
    const why = clean(result.reasons.join("\n") || meanings[result.verdict]);
    if (result.verdict === "fail") verdict.failure(why, "verdict");
    if (result.verdict === "unknown") verdict.error(why, "unknown");
  }
  return report.build();
}

function sentence(bound: BoundResult): string {
  const [measured, limit] = showBound(bound);
  return `${bound.bound}: ${bound.measured === undefined ? "" : "measured "}${measured}, limit ${limit}`;
}

function details(result: Result): string {
  const loads = Object.entries(result.workloads).map(
    ([name, w]) =>
      `${name}: ${w.acknowledged} acknowledged, ${w.failed} failed, ${w.unknown} unknown, ` +
      `lost ${w.lost ?? "not read"}, longest outage ${Math.round(w.longestOutageMs)} ms, errors ${showErrors(w.errors)}`,
  );
  const faults = result.faults.map(f => `${f.asked}: ${f.members.join(", ")}; ${f.evidence ?? "not shown"}`);
  return [result.summary, ...loads, ...faults, `repeat: ${result.command}`].join("\n");
}

/** Text for a CDATA section. The builder breaks up only the first of the signs that end one. */
function cdata(text: string): string {
  return clean(text).replaceAll("]]>", "]] >");
}

/** XML 1.0 has no place for most control characters and lone surrogates, escaped or not. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
