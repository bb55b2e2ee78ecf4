import type {Recovery, RecoveryLook, Spokesman} from "../../lib/recovery.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {TopologyComponent} from "../../lib/topology.ts";
import {describe, loss, type Outage, refuseWithout, running, spokesman} from "./outage.ts";
import {doorCommand, readRecovery, type ShownRecovery} from "./shown.ts";

/** How a cluster that runs nowhere comes back: its members' watchers find out. docs/galera.md has the rules. */
export const recovery: Recovery = {
  title: "Galera cluster",
  question: doorCommand("show"),
  read: (component, answers) => lookOf(outageOf(component, answers)),
  goOnWithout: members => doorCommand(`force without=${members.join(",")}`),
  discard: doorCommand("discard"),
  refusal: ({stdout}) => (stdout.trim() === "ok" ? undefined : stdout.trim().replace(/^refused /, "")),
};

function outageOf(
  {name, members}: TopologyComponent,
  answers: Readonly<Record<string, CommandOutput | undefined>>,
): Outage {
  const shown = members.map(member => {
    const output = answers[member.name];
    return [member.name, output && readRecovery(output)] as const;
  });
  // An arbitrator has no data to come back with.
  const voters = members.map(member => member.name).filter(member => member !== `${name}-arbitrator`);
  return {component: name, members: voters, shown: Object.fromEntries(shown)};
}

function lookOf(outage: Outage): RecoveryLook {
  return {
    shown: outage.shown,
    running: running(outage),
    lines: describe(outage),
    spokesman: (without = []) => {
      const found = spokesman(outage, without);
      return found && wordsOf(found);
    },
    refuseWithout: members => refuseWithout(outage, members),
    loss: members => loss(outage, members),
    fencedWhy: member => {
      const told = outage.shown[member]?.told;
      return told?.do === "fenced" ? `${told.why}` : undefined;
    },
  };
}

function wordsOf({me, safe, why, told, missing, standings, unproven = false}: ShownRecovery): Spokesman {
  const promised = standings[me]?.promise?.name;
  const bound = promised !== undefined && standings[promised]?.kind !== "held" ? promised : undefined;
  return {
    name: me,
    safe,
    why,
    ...(told?.why === undefined ? {} : {toldWhy: told.why}),
    missing,
    ...(bound === undefined ? {} : {bound}),
    unproven,
  };
}
