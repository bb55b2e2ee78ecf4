import {CliError, exitCodes} from "../lib/exit.ts";
import {cacheDir} from "../lib/paths.ts";
import {LockHeld, withLock} from "../setup/lock.ts";

/** Longest wait for a lock whose process is gone to be taken over, milliseconds. */
const takeOverMs = 1000;

/** Does the work while no other command of this user changes these stacks (their labels, `lab/lab`) or runs scenarios
 *  on them, from whatever checkout: before the first scenario, between two, and while a stack comes up, neither journal
 *  nor state would show it. Errors (75): another one does. */
export async function holdStacks<T>(
  labels: readonly string[],
  work: () => Promise<T>,
  folder = cacheDir("locks"),
): Promise<T> {
  const [first, ...others] = [...new Set(labels)].sort();
  if (first === undefined) return work();
  let taken = false;
  try {
    return await withLock(`${folder}/stack-${first.replaceAll("/", "-")}.lock`, takeOverMs, () => {
      taken = true;
      return holdStacks(others, work, folder);
    });
  } catch (error) {
    if (taken || !(error instanceof LockHeld)) throw error;
    throw new CliError(`Another command is at work on ${first}. ${error.advice}`, exitCodes.temporary);
  }
}
