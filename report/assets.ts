import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {buildSync} from "esbuild";

/** Where the text of the pages is. */
export const templates = join(import.meta.dirname, "../templates/report");

/** In the order of the cascade: what is for narrow screens and paper comes last. */
const sheets = [
  "theme",
  "base",
  "cards",
  "tables",
  "plots",
  "lanes",
  "budgets",
  "findings",
  "logs",
  "compare",
  "screens",
];

/** The style sheet of all pages. */
export function styleSheet(): string {
  return sheets.map(name => readFileSync(join(templates, "styles", `${name}.css`), "utf8")).join("\n");
}

let script: string | undefined;

/** The script of a run's page: the modules of `page/` as one, made once a process. */
export function pageScript(): string {
  script ??= buildSync({
    entryPoints: [join(templates, "page/main.js")],
    bundle: true,
    format: "iife",
    target: "es2022",
    // What is not ASCII as it is: the page says that it is UTF-8.
    charset: "utf8",
    write: false,
  }).outputFiles[0]!.text;
  return script;
}

/** A file of uPlot's own. */
export function uplot(name: string): string {
  const require = createRequire(import.meta.url);
  return readFileSync(join(require.resolve("uplot/package.json"), "../dist", name), "utf8");
}
