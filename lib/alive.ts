import {execFileSync} from "node:child_process";
import {readFileSync} from "node:fs";

/** A process by its number and start, because numbers are used again. */
export interface ProcessId {
  pid: number;
  /** When it was started, in the system's own words. */
  started: string;
}

/** This process. */
export function thisProcess(): ProcessId {
  return {pid: process.pid, started: startOf(process.pid) ?? ""};
}

/** Whether that very process still lives. */
export function isAlive({pid, started}: ProcessId): boolean {
  const start = startOf(pid);
  return start !== undefined && start === started;
}

function startOf(pid: number): string | undefined {
  try {
    // The name, in parentheses, may have spaces; the start is the 20th field behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that has ended and whose parent has not asked for it does nothing any more.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    if (process.platform === "linux") return undefined;
  }
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {encoding: "utf8"}).trim() || undefined;
  } catch {
    return undefined;
  }
}
