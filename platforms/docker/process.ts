import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {filesDir} from "../../lib/names.ts";
import type {ProcessSpec} from "../platform.ts";

/** What a container gets from the stack rather than from the process: its name, image, place and storage of files. */
export interface ContainerFrame {
  name: string;
  image: pulumi.Input<string>;
  labels: Record<string, string>;
  /** Volume for the files in `/holdfast`; needed when there are files. */
  filesVolume?: pulumi.Input<string>;
}

/** The container of one process: read-only root, no capabilities but those named, no new privileges, group 0. Files
 *  come through a volume, because docker refuses uploads into a read-only root and into its tmpfs; they are owned by
 *  root, so 0440 with the daemon in group 0 is the tightest that works. */
export function containerArgs(spec: ProcessSpec, frame: ContainerFrame): docker.ContainerArgs {
  const files = spec.files ?? [];
  return {
    name: frame.name,
    image: frame.image,
    command: spec.command,
    envs: Object.entries(spec.env ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
    user: `${spec.user}:0`,
    readOnly: true,
    capabilities: {
      drops: ["ALL"],
      ...(spec.capabilities?.length ? {adds: spec.capabilities.map(c => `CAP_${c}`)} : {}),
    },
    securityOpts: ["no-new-privileges:true"],
    init: spec.init ?? true,
    tmpfs: Object.fromEntries((spec.scratch ?? []).map(s => [s.path, tmpfsOptions(s)])),
    volumes: [
      ...(spec.volumes ?? []).map(v => ({
        containerPath: v.path,
        volumeName: v.volume.name,
        ...(v.readOnly ? {readOnly: true} : {}),
      })),
      ...(files.length > 0 ? [{containerPath: filesDir, volumeName: frame.filesVolume!}] : []),
    ],
    uploads: files.map(f => ({
      file: `${filesDir}/${f.name}`,
      content: f.content,
      permissions: f.executable ? "0550" : "0440",
    })),
    ulimits: spec.ulimits?.map(u => ({name: u.name, soft: u.soft, hard: u.hard})),
    memory: memoryOf(spec),
    memorySwap: memoryOf(spec),
    ...(spec.cpuShares ? {cpuShares: spec.cpuShares} : {}),
    stopSignal: spec.stopSignal ?? "SIGTERM",
    stopTimeout: spec.stopGrace ?? 10,
    destroyGraceSeconds: spec.stopGrace ?? 10,
    logDriver: "json-file",
    logOpts: {"max-size": "10m", "max-file": "3"},
    labels: Object.entries(frame.labels).map(([label, value]) => ({label, value})),
  };
}

/** A disk of memory counts for who writes it. */
function memoryOf({memory, volumes = []}: ProcessSpec): number {
  const disks = volumes.filter(v => !v.readOnly && v.volume.disk?.kind === "memory");
  return memory + disks.reduce((sum, v) => sum + v.volume.disk!.megabytes, 0);
}

function tmpfsOptions(s: NonNullable<ProcessSpec["scratch"]>[number]): string {
  const owner = [s.uid !== undefined ? `uid=${s.uid}` : "", s.gid !== undefined ? `gid=${s.gid}` : ""].filter(Boolean);
  return ["nosuid", "nodev", "noexec", `size=${s.megabytes}m`, `mode=${s.mode ?? "0755"}`, ...owner].join(",");
}
