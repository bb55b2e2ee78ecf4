import {oneOf, type Problem} from "../lib/problems.ts";
import type {DiskKind} from "../lib/topology.ts";
import type {DiskSpec} from "../platforms/platform.ts";

/** The disk that each member has for itself; undefined where it has none. */
export function diskOf({disk, diskMb}: {disk: DiskKind; diskMb: number}, uid: number): DiskSpec | undefined {
  return diskMb > 0 ? {megabytes: diskMb, uid, kind: disk} : undefined;
}

/** What it is made of, which means something only where it has a size. `least`: the smallest, in MiB. */
export function checkDiskKind(disk: DiskKind, diskMb: number, least: number): Problem[] {
  const problems = oneOf("disk", disk, ["memory", "loop"]);
  if (problems.length > 0 || disk === "memory" || diskMb !== 0) return problems;
  const message = `is "loop", a disk of each member's own, which takes a size. Write \`diskMb: 1024\` or another from ${least} on.`;
  return [{path: "disk", message}];
}
