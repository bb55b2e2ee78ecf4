import type {Scenario} from "../../runner/scenario/scenario.ts";
import type {FailoverRun} from "./figures.ts";
import type {Profile} from "./profile.ts";
import type {RunKey} from "./run.ts";

export type Planned = RunKey;

/** What a run takes beside its faults, and a change of the stack to other settings, in milliseconds: first guesses, for
 *  the time that is left. */
const guess = {run: 25_000, change: 150_000};

/** Every run, profile by profile, because a change of settings takes minutes; within one fault after fault in rounds,
 *  so that what changes on the machine meanwhile meets all of them. */
export function planOf(profiles: readonly Profile[], faults: readonly string[], repeats: number): Planned[] {
  const rounds = Array.from({length: repeats}, (_, i) => i + 1);
  return profiles.flatMap(profile =>
    rounds.flatMap(number =>
      faults.filter(fault => profile.faults.includes(fault)).map(fault => ({profile: profile.name, fault, number})),
    ),
  );
}

/** How long the open runs will take, by what those before took. */
export function remainingMs(
  open: readonly Planned[],
  done: readonly FailoverRun[],
  profiles: readonly Profile[],
  faults: Readonly<Record<string, Scenario>>,
): number {
  const one = (fault: string) => {
    const took = done.filter(run => run.fault === fault).flatMap(run => run.tookMs ?? []);
    if (took.length > 0) return took.reduce((a, b) => a + b, 0) / took.length;
    return (
      Math.max(faults[fault]!.durationMs, ...faults[fault]!.faults.map(({atMs, forMs}) => atMs + forMs)) + guess.run
    );
  };
  const rest = (name: string) => profiles.find(profile => profile.name === name)!.restMs;
  const changes = new Set(open.map(run => run.profile)).size;
  return open.reduce((sum, run) => sum + one(run.fault) + rest(run.profile), changes * guess.change);
}
