import {colourful, paint, type Style} from "./terminal.ts";

/** A part of a note in that style: whether it is coloured is for stderr to say, which may be a terminal where stdout is
 *  none. */
export function paintNote(style: Style, text: string): string {
  return paint(style, text, colourful(process.stderr));
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
