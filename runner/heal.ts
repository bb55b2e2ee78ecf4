import {rmSync} from "node:fs";
import {until} from "../lib/limit.ts";
import {firstLine} from "../lib/problems.ts";
import type {PlatformKind, TopologyMember} from "../lib/topology.ts";
import {allRun, type Fault, type Hit, type StackChanger} from "./faults/fault.ts";
import {faultOf} from "./faults/registry.ts";
import {type FoundJournal, type OpenFault, readJournals} from "./journal.ts";
import type {Target} from "./targets/target.ts";

/** Longest time until a fault is undone once it was told to be. */
const healLimitMs = 30_000;

/** What was done about one leftover of a run that died. */
export interface Healed {
  run: string;
  scenario: string;
  stack: string;
  fault: string;
  member: string;
  /** Absent when it worked. */
  trouble?: string;
}

/** Undoes what dead runs left behind: members that are down, frozen or cut off, and what ran beside them. Runs that go
 *  on are left alone. */
export async function healLeftovers(
  folder: string,
  targetFor: (platform: PlatformKind) => Target,
  stack?: string,
): Promise<{healed: Healed[]; clients: string[]}> {
  const journals = readJournals(folder);
  const dead = journals.filter(journal => !journal.alive && (stack === undefined || journal.stack === stack));
  const healed: Healed[] = [];
  for (const journal of dead) {
    const done = await undo(journal, targetFor(journal.platform));
    healed.push(...done);
    if (done.every(one => !one.trouble)) rmSync(journal.file, {force: true});
  }
  const alive = new Set(journals.filter(journal => journal.alive).map(journal => journal.run));
  const gone = new Set(dead.map(journal => journal.run));
  const clients = await targetFor("docker").removeClients(
    (run, of) => gone.has(run) || (of === stack && !alive.has(run)),
  );
  return {healed, clients};
}

async function undo(journal: FoundJournal, target: Target): Promise<Healed[]> {
  const {run, scenario, stack} = journal;
  return Promise.all(
    journal.open.map(async open => {
      const trouble = await undoOne(target, open);
      return {run, scenario, stack, fault: open.fault, member: open.member.name, ...(trouble ? {trouble} : {})};
    }),
  );
}

async function undoOne(target: Target, {fault, member, params}: OpenFault): Promise<string | undefined> {
  try {
    await healHit(target, faultOf(fault), {member, params});
    return undefined;
  } catch (error) {
    // A stack that was taken down since has nothing left to heal. What else is not found, such as an image, leaves the
    // fault as it is.
    if (await isGone(target, member)) return undefined;
    return firstLine(error);
  }
}

const isGone = (target: Target, member: TopologyMember): Promise<boolean> =>
  target.look(member).then(
    () => false,
    error => (error as {statusCode?: number}).statusCode === 404,
  );

/** Undoes what a fault did to one member, and returns when it is undone. */
export async function healHit(target: Target, fault: Fault, hit: Hit, stack?: StackChanger): Promise<void> {
  await fault.heal(target, hit, stack);
  const healed = fault.healed ?? allRun;
  await until(`Healing ${hit.member.name}`, {limitMs: healLimitMs, everyMs: 50}, () => healed(target, hit));
}
