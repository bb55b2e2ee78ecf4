/** Puts the text between the markers `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. Errors: the document has no such
 *  pair. */
export function putSection(document: string, name: string, text: string): string {
  const [begin, end] = markers(name);
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no ${begin} with ${end} behind it`);
  return `${document.slice(0, from + begin.length)}\n${text.trim()}\n${document.slice(to)}`;
}

/** What stands between the markers; undefined where there are none. */
export function sectionOf(document: string, name: string): string | undefined {
  const [begin, end] = markers(name);
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  return from < 0 || to < from ? undefined : document.slice(from + begin.length, to).trim();
}

const markers = (name: string) => [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`] as const;
