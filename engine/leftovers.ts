import {spawn} from "node:child_process";
import {openSync} from "node:fs";
import {join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {cacheDir, projectRoot, projectState} from "../lib/paths.ts";
import {type Healed, healLeftovers} from "../runner/heal.ts";
import {readJournals} from "../runner/journal.ts";
import {withLock} from "../setup/lock.ts";
import {setUp} from "../setup/set-up.ts";
import {typedLabel} from "./reference.ts";
import {targetFor} from "./target.ts";

/** Longest wait for another process that heals the same stack, milliseconds. */
const otherHealerMs = 60_000;

/** Where runs note what they do to a stack. */
export const journals = projectState("journal");

/** Undoes what runs that were killed left behind on the stack (its label, `lab/lab`), and says so. Errors (1):
 *  something could not be undone. */
export async function undoLeftovers(stack: string): Promise<{healed: Healed[]; clients: string[]}> {
  const open = readJournals(journals).some(one => one.stack === stack && !one.alive && one.open.length > 0);
  // Helpers undo what is done to networks and volumes; images may have been removed since.
  if (open) await setUp(["image-toolbox"]);
  // Two at the same time would take each other's helpers away.
  const lock = cacheDir("locks", `heal-${stack.replaceAll("/", "-")}.lock`);
  const done = await withLock(lock, otherHealerMs, () => healLeftovers(journals, targetFor, stack));
  for (const {scenario, fault, member, trouble} of done.healed) {
    const text = `an earlier run of ${scenario} was killed during ${fault} of ${member}`;
    note(`holdfast: ${text}: ${trouble ? `it could not be healed. ${trouble}` : "it is healed."}`);
  }
  for (const client of done.clients) note(`holdfast: removed the client ${client} of an earlier run.`);
  const stuck = done.healed.filter(one => one.trouble);
  if (stuck.length > 0)
    throw new CliError(
      `${stuck.map(one => one.member).join(", ")} could not be healed. See docker logs, or make the stack anew with \`down\` and \`up\`.`,
      exitCodes.fail,
    );
  return done;
}

/** Before this process ends at once: has another one undo what its runs have open and take their clients away, which
 *  goes on alone. Gives where that one writes  what it does; undefined where no run goes on. */
export function healBehind(): string | undefined {
  const stacks = readJournals(journals).flatMap(({own, stack}) => (own ? [stack] : []));
  if (stacks.length === 0) return undefined;
  const log = projectState("heal.log");
  const output = openSync(log, "w");
  for (const stack of new Set(stacks)) {
    const command = [join(projectRoot, "cli", "main.ts"), "heal", typedLabel(stack), "--leftovers"];
    spawn(process.execPath, command, {detached: true, stdio: ["ignore", output, output]}).unref();
  }
  return log;
}

/** Says what a killed run left behind on the stack, and changes nothing. */
export function tellLeftovers(stack: string, typed: string): void {
  for (const {scenario, open, alive} of readJournals(journals).filter(journal => journal.stack === stack)) {
    if (alive || open.length === 0) continue;
    const what = open.map(({fault, member}) => `${fault} of ${member.name}`).join(", ");
    note(`holdfast: an earlier run of ${scenario} was killed during ${what}. Heal it with: ./holdfast heal ${typed}`);
  }
}

/** Refuses to go on while another run is at work on the stack (75). */
export function refuseSecondRun(stack: string): void {
  const other = readJournals(journals).find(journal => journal.alive && journal.stack === stack);
  if (other)
    throw new CliError(`Another run is at work on ${stack}: ${other.scenario}. Wait for it.`, exitCodes.temporary);
}
