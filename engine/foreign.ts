import {CliError, exitCodes} from "../lib/exit.ts";
import {backendUrl} from "../setup/environment.ts";
import {knownResources, pendingOperations, type StateFiles, stateFiles} from "./files.ts";
import {type StackObject, stackObjects} from "./objects.ts";
import {asTyped} from "./open.ts";
import type {StackReference} from "./reference.ts";

/** What stands as long as its stack does. A volume is known by its name alone, which two stacks of the same name
 *  share. */
const lasting = new Set(["net", "main", "companion", "starter"]);

/** Refuses to touch, or to tell of, a stack of that name which this state did not make: another checkout's, or one
 *  whose state is gone. Errors (69). */
export async function refuseForeign(reference: StackReference): Promise<void> {
  const backend = backendUrl();
  const foreign = foreignObjects(stateFiles(backend, reference), await stackObjects(reference.label));
  if (foreign.length === 0) return;
  const typed = asTyped(reference);
  const folder = typed.split(":")[0];
  throw new CliError(
    `${reference.label} stands on this docker engine already (${foreign[0]!.name} and ${foreign.length - 1} more), and the state in ${backend} does not have it: another checkout made it, or its state was removed. Take another name, such as ./holdfast up ${folder}:second --config subnet=198.18.68.0/22; or, where nobody needs it any more, remove it with its data: ./holdfast down ${typed} --remove-orphans`,
    exitCodes.unavailable,
  );
}

/** What of the engine's objects is another's: all of them, where the state has none. What a killed command may have
 *  half made counts as the state's own, one object for each operation that it had begun. Of other backends than files
 *  nothing is known. */
export function foreignObjects(files: StateFiles | undefined, objects: readonly StackObject[]): StackObject[] {
  if (!files) return [];
  const there = objects.filter(o => o.kind === "network" || (o.kind === "container" && lasting.has(o.role ?? "")));
  const known = new Set(knownResources(files).map(({id}) => id));
  if (there.some(o => known.has(o.id)) || there.length <= pendingOperations(files).length) return [];
  return there;
}
