import {readFileSync} from "node:fs";
import {Eta} from "eta";

const root = new URL("../templates/", import.meta.url);
const cache = new Map<string, string>();

/** Fills the named holes of a text under `templates/`. `<%= it.name %>` takes one line, `<%~ it.name %>` takes any
 *  text, `<% ... -%>` is logic whose own line end is dropped.
 *  @throws Error when a value is missing, is not text,
 *  number or boolean, or would break out of its line. */
export function render(template: string, values: Record<string, unknown>): string {
  let text = cache.get(template);
  if (text === undefined) {
    text = readFileSync(new URL(template, root), "utf8");
    cache.set(template, text);
  }
  return renderText(template, text, values);
}

/** {@link render} for a text that is already at hand; `name` is what errors call it. */
export function renderText(name: string, text: string, values: Record<string, unknown>): string {
  const fail = (message: string): never => {
    throw new Error(`template ${name}: ${message}`);
  };
  const eta = new Eta({
    autoTrim: false,
    autoEscape: true,
    autoFilter: true,
    // Runs for every hole: a value that is not there must never become the word "undefined" in a configuration.
    filterFunction: (value: unknown) =>
      typeof value === "string" || typeof value === "boolean" || Number.isFinite(value)
        ? String(value)
        : fail(
            `a hole got ${value === undefined ? "nothing" : String(JSON.stringify(value))}. Give it text, a number or a boolean.`,
          ),
    // Runs for `<%=` alone: these formats have no escape for a line end, so a value with one could add settings.
    escapeFunction: (value: unknown) =>
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
      /[\u0000-\u0008\u000a-\u001f]/.test(String(value))
        ? fail("a value has a line end or control character. Use <%~ where that is meant.")
        : String(value),
  });
  const it = new Proxy(values, {
    get: (target, key) =>
      typeof key === "symbol" || target[key] !== undefined
        ? target[key as string]
        : fail(`\`${key}\` has no value. Give it one, or take it out of the template.`),
  });
  return eta.renderString(text, it);
}
