import {isMap, isSeq, LineCounter, type Node, parseDocument} from "yaml";

export type Path = readonly (string | number)[];

/** Finds the line of a path in YAML text: of the key where there is one, else of the nearest parent. */
export class Positions {
  readonly #lines = new LineCounter();
  readonly #root: Node | null;

  constructor(source: string) {
    this.#root = parseDocument(source, {lineCounter: this.#lines, keepSourceTokens: false}).contents as Node | null;
  }

  /** Line number from 1. */
  line(path: Path): number {
    let node: Node | null | undefined = this.#root;
    let offset = node?.range?.[0] ?? 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find(item => String((item.key as {value?: unknown})?.value) === String(step));
        if (!pair) break;
        offset = (pair.key as Node).range?.[0] ?? offset;
        node = pair.value as Node | null;
      } else if (isSeq(node)) {
        node = node.items[Number(step)] as Node | undefined;
        if (!node) break;
        offset = node.range?.[0] ?? offset;
      } else break;
    }
    return this.#lines.linePos(offset).line;
  }
}

/** `faults[0].kill`, as a person would write it. */
export function showPath(path: Path): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : text ? `${text}.${step}` : String(step)),
    "",
  );
}

/** The steps of `faults[0].kill`. */
export function splitPath(path: string): Path {
  return (path.match(/[^.[\]]+/g) ?? []).map(step => (/^\d+$/.test(step) ? Number(step) : step));
}
