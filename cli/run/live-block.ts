import {textWidth} from "../../lib/terminal.ts";

/** What of a terminal it needs: `process.stderr` fits. */
export interface Terminal {
  columns?: number;
  rows?: number;
  write(text: string): unknown;
}

/** Lines at the end of a terminal that are drawn anew in place, while other lines go above them. */
export class LiveBlock {
  readonly #terminal: Terminal;
  #drawn: string[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Draws these lines instead of those before; those that the terminal has no room for are left out. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, Math.max(1, (this.#terminal.rows ?? 24) - 1));
    this.#write(shown);
  }

  /** Writes a line above the block, where it stays. */
  above(line: string): void {
    this.#write(this.#drawn, `${line}\n`);
  }

  /** Takes the block away. */
  clear(): void {
    this.#write([]);
  }

  /** In one piece, so that nothing flickers. */
  #write(lines: readonly string[], before = ""): void {
    const up = this.#rows();
    const erase = up > 0 ? `\x1b[${up}A\r\x1b[J` : "";
    const text = erase + before + lines.map(line => `${line}\n`).join("");
    if (text) this.#terminal.write(text);
    this.#drawn = [...lines];
  }

  /** Rows that the block takes now: a window that has become narrower has broken its lines. */
  #rows(): number {
    const columns = this.#terminal.columns || 80;
    return this.#drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(textWidth(line) / columns)), 0);
  }
}
