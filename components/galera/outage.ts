import type {ShownRecovery, ShownStanding} from "./shown.ts";

/** What its members' watchers say, put together. */
export interface Outage {
  component: string;
  members: string[];
  /** By member; undefined: it could not be asked. */
  shown: Record<string, ShownRecovery | undefined>;
}

/** Members in a primary component, as anybody says. */
export function running({shown}: Outage): string[] {
  const said = Object.values(shown).flatMap(one =>
    one ? [...one.primaries.map(p => p.name), ...(one.primary ? [one.me] : [])] : [],
  );
  return [...new Set(said)].sort();
}

/** One line a member, for people. */
export function describe(outage: Outage): string[] {
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

const sayTold = ({do: word, why}: {do: string; why?: string}): string => {
  const plain = why?.replace(/^waits /, "");
  return plain ? `${word}: ${plain}` : word;
};

/** The one to ask and to tell: it waits with data, and hears the most others that have the same. Where nobody knows
 *  which data is the cluster's, any that has some and is not to be left out. */
export function spokesman(outage: Outage, without: readonly string[] = []): ShownRecovery | undefined {
  const own = (one: ShownRecovery) => one.standings[one.me];
  return Object.values(outage.shown)
    .filter(one => one !== undefined)
    .filter(one => own(one)?.kind === "held" && (own(one)?.cluster ?? null) !== null && !without.includes(one.me))
    .filter(one => one.group.length === 0 || one.group.includes(one.me))
    .sort((a, b) => b.group.length - a.group.length)[0];
}

/** Why these members cannot be left out; empty where they can. */
export function refuseWithout(outage: Outage, without: readonly string[]): string[] {
  const up = running(outage);
  const speaker = spokesman(outage, without);
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
export function loss(outage: Outage, without: readonly string[]): string[] {
  const speaker = spokesman(outage, without);
  if (!speaker) return [];
  if (speaker.group.length === 0) return unproven(speaker, without);
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

/** What a person takes upon himself where nobody knows which data is the cluster's. */
function unproven(speaker: ShownRecovery, without: readonly string[]): string[] {
  const here = Object.entries(speaker.standings).filter(
    ([name, one]) => one.kind === "held" && one.cluster && !without.includes(name),
  );
  const histories = [...new Set(here.map(([, one]) => one.cluster!.slice(0, 8)))];
  const names = here.map(([name]) => name).join(", ");
  return [
    `The cluster goes on with the data of ${names} (${histories.join(", ")}), although ${speaker.why}.`,
    "Whatever the others have beyond that is lost. Copy the volumes first where you are not sure.",
  ];
}
