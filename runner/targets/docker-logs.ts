import type Docker from "dockerode";
import type {LogWindow, ProcessLog} from "./target.ts";

/** What a container wrote in a window of time, the first lines of it. */
export async function readLogs(container: Docker.Container, window: LogWindow): Promise<Omit<ProcessLog, "process">> {
  const raw = await container.logs({
    stdout: true,
    stderr: true,
    timestamps: true,
    follow: false,
    // Seconds with a fraction. No `tail`: docker takes the last lines first and looks at their times afterwards.
    since: window.since / 1000,
    until: window.until / 1000,
  });
  const lines = linesOf(raw as unknown as Buffer);
  return {lines: lines.slice(0, window.lines), more: Math.max(0, lines.length - window.lines)};
}

/** Docker puts eight bytes before each piece of output, stream and length, and its time before the text. */
export function linesOf(raw: Buffer): ProcessLog["lines"] {
  const lines: ProcessLog["lines"] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    lines.push(
      ...raw
        .toString("utf8", at + 8, at + 8 + length)
        .split("\n")
        .filter(Boolean)
        .map(toLine),
    );
    at += 8 + length;
  }
  return lines;
}

function toLine(line: string): ProcessLog["lines"][number] {
  const [, stamp, text] = /^(\d{4}-\d\d-\d\dT\S+Z) ?(.*)$/s.exec(line) ?? [];
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(at) ? {text: line} : {at, text: text!};
}
