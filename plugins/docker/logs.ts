import type {Container} from "dockerode";

/** The engine's stream of a container without terminal: frames of 8 bytes header and text. */
export function demultiplex(frames: Buffer): {stdout: string; stderr: string} {
  const parts: Record<"stdout" | "stderr", Buffer[]> = {stdout: [], stderr: []};
  for (let at = 0; at + 8 <= frames.length; ) {
    const length = frames.readUInt32BE(at + 4);
    parts[frames[at] === 2 ? "stderr" : "stdout"].push(frames.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return {stdout: Buffer.concat(parts.stdout).toString(), stderr: Buffer.concat(parts.stderr).toString()};
}

/** What the container wrote last, at most `lines` lines of each stream. Empty where the log driver cannot be read. */
export async function readLogs(container: Container, lines: number): Promise<{stdout: string; stderr: string}> {
  try {
    const info = await container.inspect();
    const raw = (await container.logs({stdout: true, stderr: true, tail: lines, follow: false})) as unknown as Buffer;
    return info.Config.Tty ? {stdout: raw.toString(), stderr: ""} : demultiplex(raw);
  } catch {
    return {stdout: "", stderr: ""};
  }
}

/** The last lines of both streams in the order written, for an error message. */
export async function lastLines(container: Container, lines = 20): Promise<string> {
  try {
    const info = await container.inspect();
    const raw = (await container.logs({stdout: true, stderr: true, tail: lines, follow: false})) as unknown as Buffer;
    const text = info.Config.Tty ? raw.toString() : merged(raw);
    const kept = text.trimEnd().split("\n").slice(-lines);
    return kept.join("\n").trim() ? `Its last ${kept.length} log lines:\n${kept.join("\n")}` : "It logged nothing.";
  } catch (error) {
    return `Its log could not be read: ${error instanceof Error ? error.message : error}`;
  }
}

function merged(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length; ) {
    const length = frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
