import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {findChromium, openBrowser} from "./browser.ts";
import {readResults} from "./read.ts";
import {writeReport} from "./report.ts";

/** Makes docs/pictures/report.png anew, the top of a run's page: `node report/write-picture.ts runs/latest`. */
const screen = {width: 1100, height: 1500};
const picture = new URL("../docs/pictures/report.png", import.meta.url);

const program = findChromium();
if (!program) throw new Error("The picture needs a Chromium. On Debian: apt-get install chromium");
const [path = "runs/latest"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "holdfast-picture-"));
const browser = await openBrowser(program);
try {
  const page = writeReport(readResults(path).runs[0]!.result, folder);
  const look = await browser.look(`file://${page}`, screen);
  if (look.errors.length > 0) throw new Error(`The page has errors: ${look.errors.join("; ")}`);
  writeFileSync(picture, await look.picture(screen.height));
} finally {
  await browser.close();
  rmSync(folder, {recursive: true, force: true});
}
