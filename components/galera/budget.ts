import type {Failure} from "../../lib/budget/failure.ts";
import {numberIn} from "../../lib/budget/settings.ts";
import {type Term, times, turn} from "../../lib/budget/terms.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** Rounds of join messages until the survivors agree: one that finds another not yet suspecting the member, one that
 *  agrees. */
const rounds = 2;

/** Until the others commit again without the member, from when it failed. It holds for every client, whichever member
 *  it is on. */
export function writesGoOn(galera: TopologyComponent, kind: Failure["kind"]): Term[] {
  const agreed = {...times("join messages repeated", numberIn(galera, "joinRetransMs"), rounds), upTo: true};
  if (kind === "member stopped") return [agreed];
  // Watchers evict what is dead for sure, and that alone: its connections were closed.
  if (galera.settings.evictMs !== undefined && (kind === "process killed" || kind === "member killed")) {
    return [times("watchers evict the dead", numberIn(galera, "evictMs"), 1), agreed];
  }
  return [
    times("suspect timeout", numberIn(galera, "suspectMs"), 1),
    turn("next look for silence", numberIn(galera, "inactiveCheckMs")),
    agreed,
  ];
}

/** Until the others are one cluster again after a member came back that was silent and never ended. It still lives in
 *  the view from before. Where the members do not agree with it within the suspect timeout, each leaves out whom
 *  another one does not see (Galera's asymmetry elimination, gcomm/src/evs_proto.cpp), which may be everyone, and the
 *  parts join anew. Seen in scenarios/eviction/member-paused.yaml. */
export function takesBack(galera: TopologyComponent): Term[] {
  return [
    times("suspect timeout", numberIn(galera, "suspectMs"), 1),
    {...times("join messages repeated", numberIn(galera, "joinRetransMs"), rounds + 1), upTo: true},
  ];
}

/** Until the answerer beside a member says that it is one of the cluster again. */
export const answererSaysYes = (galera: TopologyComponent): Term[] => [
  turn("next question to MariaDB", numberIn(galera, "answerEveryMs")),
];

/** Until the answerer beside a member says no, where MariaDB alone failed and the answerer lives: its last answer
 *  counts for a while. */
export function answererSaysNo(galera: TopologyComponent, {kind, process}: Pick<Failure, "kind" | "process">): Term[] {
  if (kind === "process killed") return [times("last answer of MariaDB counts", numberIn(galera, "answerFreshMs"), 1)];
  if (kind === "member stopped") return [turn("next question to MariaDB", numberIn(galera, "answerEveryMs"))];
  return kind === "member silent" && process !== undefined
    ? [
        times("last answer of MariaDB counts", numberIn(galera, "answerFreshMs"), 1),
        turn("next question to MariaDB", numberIn(galera, "answerEveryMs")),
      ]
    : [];
}
