/** Takes the values of secrets out of foreign text: a daemon that is told a password may print it. */
export type Redact = (text: string) => string;

/** Replaces each value, as it is and as programs like to quote it, by `[secret <name>]`. */
export function redactor(secrets: Readonly<Record<string, string>>): Redact {
  const forms = Object.entries(secrets).flatMap(([name, value]) => formsOf(value).map(form => ({name, form})));
  // The longest first: a value may hold another one.
  forms.sort((a, b) => b.form.length - a.form.length);
  return text => forms.reduce((left, {name, form}) => left.replaceAll(form, `[secret ${name}]`), text);
}

function formsOf(value: string): string[] {
  // A log has one line of a key at a time.
  const parts = [value, ...value.split(/\r?\n/).filter(line => line.length >= 8)];
  const all = parts.flatMap(part => [
    part,
    JSON.stringify(part).slice(1, -1),
    encodeURIComponent(part.toWellFormed()),
    Buffer.from(part).toString("base64"),
    Buffer.from(part).toString("hex"),
  ]);
  return [...new Set(all)].filter(form => form.trim() !== "");
}
