import {spawn} from "node:child_process";
import {openSync} from "node:fs";
import {join} from "node:path";
import {projectRoot, projectState} from "../../lib/paths.ts";
import {type Healed, healLeftovers} from "../../runner/heal.ts";
import {readJournals} from "../../runner/journal.ts";
import {CliError, exitCodes} from "../exit.ts";
import {note} from "../output.ts";
import {targetFor} from "./target.ts";

/** Where runs note what they do to a stack. */
export const journals = projectState("journal");

/** Undoes what runs that were killed left behind on the stack (its label, `lab/lab`), and says so. Errors (1): something could not be undone. */
export async function undoLeftovers(stack: string): Promise<{healed: Healed[]; clients: string[]}> {
  const done = await healLeftovers(journals, targetFor, stack);
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

/** Before this process ends at once: has another one undo what its runs have open, which goes on alone. Gives where that one writes what it does; undefined
 *  where nothing is open. */
export function healBehind(): string | undefined {
  const stacks = readJournals(journals).flatMap(({own, open, stack}) => (own && open.length > 0 ? [stack] : []));
  if (stacks.length === 0) return undefined;
  const log = projectState("heal.log");
  const output = openSync(log, "w");
  for (const stack of new Set(stacks)) {
    const command = [join(projectRoot, "cli", "main.ts"), "heal", stack.replace("/", ":")];
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
