import {spawnSync} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {projectRoot} from "../../lib/paths.ts";
import {writeIndex, writeReport} from "../../report/report.ts";
import {sampleResult} from "../../report/sample.ts";
import {temporaryFolder} from "../../test/folder.ts";

function report(...args: string[]) {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(projectRoot, "cli", "main.ts"), "report", ...args],
    {encoding: "utf8"},
  );
  return {code: status, out: stdout, err: stderr};
}

test("one damaged report of several is told, counts as unknown, and is left out of nothing that programs read", t => {
  const at = temporaryFolder();
  const results = ["a", "b"].map(() => sampleResult());
  for (const [i, name] of ["a", "b"].entries()) writeReport(results[i]!, join(at, name));
  writeIndex(results, at, ["a", "b"]);
  t.is(report(at).code, 0);
  const index = readFileSync(join(at, "index.json"), "utf8");
  writeFileSync(join(at, "b", "report.json"), "{");
  const text = report(at);
  t.is(text.code, 2);
  t.regex(text.out, /zone\/lost/);
  t.regex(text.err, /b\/report\.json: cannot be read as JSON/);
  for (const option of ["--json", "--html"]) {
    const said = report(option, at);
    t.is(said.code, 64, option);
    t.is(said.out, "");
    t.regex(said.err, /b\/report\.json: cannot be read as JSON[\s\S]*Take them away/);
  }
  t.is(readFileSync(join(at, "index.json"), "utf8"), index);
});
