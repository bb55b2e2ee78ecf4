import {stripVTControlCharacters, styleText} from "node:util";

/** Colours by meaning, so that one command looks like the next. */
export type Style = "good" | "bad" | "warn" | "faint" | "strong" | "accent";

const formats = {good: "green", bad: "red", warn: "yellow", faint: "dim", strong: "bold", accent: "cyan"} as const;

/** What of a stream decides on colour and width: `process.stdout` and `process.stderr` fit. */
export interface Screen {
  isTTY?: boolean;
  columns?: number;
}

/** Whether to colour: only on a terminal, and never with NO_COLOR set (https://no-color.org) or TERM=dumb. FORCE_COLOR
 *  wins. */
export function colourful(screen: Screen = process.stdout, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
  return screen.isTTY === true && env.TERM !== "dumb";
}

/** Columns of the terminal; 100 where there is none, so that a log stays readable. Never under 40. */
export function screenWidth(screen: Screen = process.stdout): number {
  return Math.max(40, screen.columns || 100);
}

/** The text in that style; unchanged where colours are off (default: as standard output wants it). */
export function paint(style: Style, text: string, on: boolean = colourful()): string {
  return on && text ? styleText(formats[style], text, {validateStream: false}) : text;
}

/** Characters that the text takes on the screen; colours take none. */
export function textWidth(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** Foreign text (a daemon's error, a log line) on one line and without control characters, so that it cannot steer the
 *  terminal. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** At most `width` characters, the cut marked by `…`. A cut text loses its colours. */
export function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width < 1
    ? ""
    : `${[...stripVTControlCharacters(text)]
        .slice(0, width - 1)
        .join("")
        .trimEnd()}…`;
}

/** Lines of at most `width` characters, broken between words; a word that is longer is broken. Without colours. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (let word of stripVTControlCharacters(text)
    .split(/[ \t\r\n]+/)
    .filter(Boolean)) {
    if (line && textWidth(line) + 1 + textWidth(word) <= width) {
      line += ` ${word}`;
      continue;
    }
    if (line) lines.push(line);
    while (textWidth(word) > width) {
      lines.push([...word].slice(0, width).join(""));
      word = [...word].slice(width).join("");
    }
    line = word;
  }
  return line || !lines.length ? [...lines, line] : lines;
}

/** One column of a table. */
export interface Column {
  /** Heading; a table whose titles are all empty has no heading line. */
  title: string;
  align?: "left" | "right";
  /** Left out when the table is wider than the screen: the one with the highest number goes first (true is 1), of
   *  equals the last. */
  optional?: boolean | number;
  /** Cut down to so many characters before columns are left out. Default: columns are left out first. */
  least?: number;
  /** Never cut. Columns without it are cut, the widest first, when leaving columns out is not enough. */
  fixed?: boolean;
}

/** How a table is drawn. */
export interface TableOptions {
  columns: Column[];
  /** Characters a line may take (default: the terminal's). */
  width?: number;
  /** Spaces before each line (default 0). */
  indent?: number;
  /** Colour the headings (default: as standard output wants it). */
  colour?: boolean;
}

const gap = "  ";

/** Aligned text without lines at its end, each at most `width` characters: optional columns are left out, then long
 *  cells cut. Cells may be painted. */
export function table(rows: string[][], options: TableOptions): string {
  const indent = " ".repeat(options.indent ?? 0);
  const space = (options.width ?? screenWidth()) - indent.length;
  let shown = options.columns.map((column, index) => ({
    ...column,
    index,
    width: Math.max(textWidth(column.title), ...rows.map(row => textWidth(row[index] ?? ""))),
  }));
  const total = () => shown.reduce((sum, c) => sum + c.width, 0) + gap.length * (shown.length - 1);
  const needed = () => shown.reduce((sum, c) => sum + Math.min(c.width, c.least ?? c.width), 0);
  while (needed() + gap.length * (shown.length - 1) > space) {
    const first = Math.max(...shown.map(c => Number(c.optional ?? 0)));
    const last = shown.findLast(c => c.optional && Number(c.optional) === first);
    if (!last) break;
    shown = shown.filter(c => c !== last);
  }
  while (total() > space) {
    const soft = shown.filter(c => !c.fixed && c.width > 4);
    const pool = soft.length ? soft : shown.filter(c => c.width > 1);
    if (!pool.length) break;
    pool.reduce((widest, c) => (c.width > widest.width ? c : widest)).width -= 1;
  }
  const line = (cells: string[]) => {
    const padded = shown.map((column, i) => {
      const text = cut(cells[i] ?? "", column.width);
      const fill = " ".repeat(column.width - textWidth(text));
      return column.align === "right" ? fill + text : text + fill;
    });
    return (indent + padded.join(gap)).trimEnd();
  };
  const lines = rows.map(row => line(shown.map(c => row[c.index] ?? "")));
  if (!shown.some(c => c.title)) return lines.join("\n");
  const titles = shown.map(c => paint("faint", c.title, options.colour ?? colourful()));
  return [line(titles), ...lines].join("\n");
}
