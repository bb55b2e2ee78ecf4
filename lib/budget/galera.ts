import type {TopologyComponent} from "../topology.ts";
import type {Failure} from "./failure.ts";
import {numberIn} from "./settings.ts";
import {type Term, times, turn} from "./terms.ts";

/** Rounds of join messages until the survivors agree: one that finds another not yet suspecting the member, one that agrees. */
const rounds = 2;

/** Until the others commit again without the member, from when it failed. It holds for every client, whichever member it is on. */
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

/** Until the answerer beside a member says no, where MariaDB alone failed and the answerer lives: its last answer counts for a while. */
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
