/** A time in which the machine itself did not go on, as a process beside the stack felt it. Unix milliseconds. */
export interface Standstill {
  /** `disk`: a small write to the storage of the members did not reach it. `journal`: nor did one that made a file
   *  longer, which the file system writes down in its journal first. `processor`: a process that was due did not get a
   *  turn. */
  of: "disk" | "journal" | "processor";
  from: number;
  to: number;
}

/** How much of a time the machine stood still, in milliseconds; what overlaps counts once. */
export function standingMs(time: {from: number; to: number}, standstills: readonly Standstill[]): number {
  const within = standstills
    .map(({from, to}) => ({from: Math.max(from, time.from), to: Math.min(to, time.to)}))
    .filter(({from, to}) => to > from)
    .sort((a, b) => a.from - b.from);
  let [sum, until] = [0, -Infinity];
  for (const {from, to} of within) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}
