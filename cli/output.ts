import {styleText} from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Colour for stderr: none when it is not a terminal or NO_COLOR is set. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, {stream: process.stderr, validateStream: true});
}

/** Colour for results on stdout. */
export function paintOut(style: Style, text: string): string {
  return styleText(style, text, {stream: process.stdout, validateStream: true});
}

let through: ((line: string) => void) | undefined;

/** A line of progress: on stderr, so that results on stdout stay clean. */
export function note(line: string): void {
  if (through) through(line);
  else process.stderr.write(`${line}\n`);
}

/** While something is drawn in place on stderr, lines of progress go through what draws it. Undefined: no longer. */
export function noteThrough(write: ((line: string) => void) | undefined): void {
  through = write;
}

/** A line of a result, on stdout. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** A result for machines. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** Columns padded to their widest cell; the first row is the head. Styles are applied to a cell after padding. */
export function table(
  rows: readonly (readonly string[])[],
  style: (cell: string, column: number, row: number) => Style | undefined = () => undefined,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => (row[column] ?? "").length)));
  return rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const padded = column === row.length - 1 ? cell : cell.padEnd(widths[column]!);
      const wanted = index === 0 ? "bold" : style(cell, column, index);
      return wanted ? paintOut(wanted, padded) : padded;
    });
    return cells.join("  ").trimEnd();
  });
}
