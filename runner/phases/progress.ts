import type {FaultResult, Phase} from "../../lib/result.ts";

/** What a run tells whoever watches. */
export interface Progress {
  phase(phase: Phase): void;
  /** Something that a person should know, in a sentence. */
  say(line: string): void;
  /** How things stand, a few times a second while there is load. */
  look(snapshot: Snapshot): void;
}

/** How a run stands at one moment. */
export interface Snapshot {
  /** Operations so far, by workload. */
  loads: Record<string, LoadCounts>;
  /** Those that were injected. One without `healed` is still in effect. */
  faults: readonly FaultResult[];
  /** Last seen of each member. */
  members: readonly MemberNow[];
}

/** Operations of one workload so far. */
export interface LoadCounts {
  ok: number;
  failed: number;
  unknown: number;
  /** When one was last acknowledged, Unix milliseconds. */
  lastAcknowledged?: number;
}

export interface MemberNow {
  member: string;
  component: string;
  state: string;
  healthy: boolean;
}

/** Nobody watches. */
export const silent: Progress = {phase() {}, say() {}, look() {}};
