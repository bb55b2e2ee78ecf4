import {createHash} from "node:crypto";
import {Eta} from "eta";
import type {Result} from "../lib/result.ts";
import {pageScript, styleSheet, templates, uplot} from "./assets.ts";
import type {Index} from "./index-document.ts";
import {viewOfIndex} from "./view/index-view.ts";
import {viewOf} from "./view/view.ts";

const eta = new Eta({views: templates, escapeFunction: escapeHtml, autoTrim: false, cache: true});

/** The whole report of a run as one page that asks nothing of anywhere. */
export function reportHtml(result: Result): string {
  const view = viewOf(result);
  const page = inline([uplot("uPlot.iife.min.js"), pageScript()], [uplot("uPlot.min.css"), styleSheet()]);
  return eta.render("report", {view, data: jsonForScript(view.charts), ...page});
}

/** The page over several runs. */
export function indexHtml(results: Result[], index: Index): string {
  return eta.render("index", {view: viewOfIndex(results, index), ...inline([], [styleSheet()])});
}

/** JSON that may stand in a script element: nothing in it can end the element or begin a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    c => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Text for HTML, in an element or a quoted attribute. A missing value is a mistake in the template. */
export function escapeHtml(value: unknown): string {
  if (value === undefined || value === null) throw new Error("report template: a value is missing");
  const signs: Record<string, string> = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"};
  return String(value).replace(/[&<>"']/g, c => signs[c]!);
}

/** Scripts and styles with the policy that lets them alone run: the page loads nothing, and text from a run cannot
 *  act. */
function inline(scripts: string[], styles: string[]): {scripts: string[]; styles: string; policy: string} {
  const whole = scripts.map(s => `\n${s}\n`);
  const hashes = whole.map(s => `'sha256-${createHash("sha256").update(s).digest("base64")}'`);
  return {
    scripts: whole,
    styles: styles.join("\n"),
    policy: `default-src 'none'; script-src ${hashes.join(" ") || "'none'"}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`,
  };
}
