import type {Results} from "../results.ts";

/** A table in Markdown. */
export function markdown(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ("left" | "right")[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(align.map(side => (side === "right" ? "---:" : "---"))), ...rows.map(line)].join("\n");
}

/** What was measured when, and on what. */
export function machineLine({machine, commit, began, ended}: Results): string {
  const days = [...new Set([began, ended].map(time => time.slice(0, 10)))].join(" to ");
  const memory = Math.round(Number(machine.memoryMiB) / 1024);
  return `Measured ${days} at commit ${commit}: ${machine.cores} cores, ${memory} GiB, ${machine.system}, Linux ${machine.kernel}, docker ${machine.docker}.`;
}

/** `7.3 ×`. */
export const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} ×`;
