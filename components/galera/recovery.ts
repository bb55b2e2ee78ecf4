import type {Recovery, RecoveryLook} from "../../lib/recovery.ts";
import type {CommandOutput} from "../../lib/state/state.ts";
import type {TopologyComponent} from "../../lib/topology.ts";
import {doorCommand, readRecovery, type ShownRecovery, type ShownStanding} from "./shown.ts";

/** What its members' watchers say, put together. */
interface Outage {
  component: string;
  members: string[];
  /** By member; undefined: it could not be asked. */
  shown: Record<string, ShownRecovery | undefined>;
}

/** Members in a primary component, as anybody says. */
function running({shown}: Outage): string[] {
  const said = Object.values(shown).flatMap(one =>
    one ? [...one.primaries.map(p => p.name), ...(one.primary ? [one.me] : [])] : [],
  );
  return [...new Set(said)].sort();
}

/** One line a member, for people. */
function describe(outage: Outage): string[] {
  const up = running(outage);
  return outage.members.map(name => {
    const shown = outage.shown[name];
    if (up.includes(name)) return `${name}: in the cluster`;
    if (!shown) return `${name}: not there (its watcher cannot be asked)`;
    const told = shown.told ? `; ${sayTold(shown.told)}` : "";
    return `${name}: ${sayStanding(shown.standings[name])}${told}`;
  });
}

function sayStanding(standing: ShownStanding | undefined): string {
  if (!standing) return "says nothing";
  if (standing.kind === "running")
    return standing.stranded === "no" ? "its database runs" : "its database runs, in no primary component";
  if (!standing.cluster) return "waits, has no data";
  const {view} = standing;
  const last = view ? `, last with ${view.members.join(", ")} (from transaction ${view.seqno})` : "";
  return `waits, has transactions up to ${standing.seqno} of ${standing.cluster.slice(0, 8)}${last}`;
}

const sayTold = ({do: word, why}: {do: string; why?: string}): string => (why ? `${word}: ${why}` : word);

/** The one to ask and to tell: it waits with data, and hears the most others. */
function spokesman(outage: Outage): ShownRecovery | undefined {
  return Object.values(outage.shown)
    .filter(one => one !== undefined)
    .filter(one => one.standings[one.me]?.kind === "held" && one.group.includes(one.me))
    .sort((a, b) => b.group.length - a.group.length)[0];
}

/** Why these members cannot be left out; empty where they can. */
function refuseWithout(outage: Outage, without: readonly string[]): string[] {
  const up = running(outage);
  const speaker = spokesman(outage);
  return [
    ...without
      .filter(name => !outage.members.includes(name))
      .map(name => `${name} is no member of ${outage.component}. Its members are ${outage.members.join(", ")}.`),
    ...(up.length > 0 ? [`${up.join(", ")} of ${outage.component} serve: there is nothing to recover from.`] : []),
    ...without
      .filter(name => speaker?.group.includes(name))
      .map(name => `${name} is there and has data of the cluster: it is not to be left out.`),
    ...(up.length === 0 && !speaker ? [`No member of ${outage.component} waits with data: start one first.`] : []),
  ];
}

/** What could be lost when these members are not waited for, in sentences. */
function loss(outage: Outage, without: readonly string[]): string[] {
  const speaker = spokesman(outage);
  if (!speaker) return [];
  const waiting = speaker.group.flatMap(name => (speaker.standings[name]?.seqno ?? -1) as number);
  const most = Math.max(...waiting);
  const last = speaker.view;
  const named = without.join(" and ");
  const inLast = without.filter(name => last?.members.includes(name));
  const about = last ? ` The last component that anybody here knows of is ${last.members.join(", ")}.` : "";
  if (inLast.length === 0) return [`Nothing is known that ${named} could have alone.${about}`];
  return [
    `The cluster goes on from transaction ${most}.${about}`,
    `Whatever ${inLast.join(" and ")} acknowledged after that is lost to the others. How much that is, nobody here knows: it may have gone on alone.`,
    `When it comes back with more than transaction ${most} it is fenced, and joins only after its data was thrown away (--discard).`,
  ];
}

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
  const speaker = spokesman(outage);
  return {
    shown: outage.shown,
    running: running(outage),
    lines: describe(outage),
    ...(speaker ? {spokesman: wordsOf(speaker)} : {}),
    refuseWithout: members => refuseWithout(outage, members),
    loss: members => loss(outage, members),
    fencedWhy: member => {
      const told = outage.shown[member]?.told;
      return told?.do === "fenced" ? (told.why ?? "fenced") : undefined;
    },
  };
}

function wordsOf({me, safe, why, told, missing}: ShownRecovery): NonNullable<RecoveryLook["spokesman"]> {
  return {name: me, safe, why, ...(told?.why === undefined ? {} : {toldWhy: told.why}), missing};
}
