import type {Phase} from "../../lib/result.ts";

/** What a run tells whoever watches. */
export interface Progress {
  phase(phase: Phase): void;
  /** Something that a person should know, in a sentence. */
  say(line: string): void;
  /** About once a second while there is load. */
  load(counts: Record<string, LoadCounts>): void;
}

/** Operations of one workload so far. */
export interface LoadCounts {
  ok: number;
  failed: number;
  unknown: number;
  /** When one was last acknowledged, Unix milliseconds. */
  lastAcknowledged?: number;
}

/** Nobody watches. */
export const silent: Progress = {phase() {}, say() {}, load() {}};
