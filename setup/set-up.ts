import {CliError, exitCodes} from "../lib/exit.ts";
import {withLock} from "./lock.ts";
import type {Status, Step, StepWatcher} from "./step.ts";
import {allSteps, stepLock, stepsFor} from "./steps.ts";
import {stepWatcher} from "./watch.ts";

/** Gets everything that the named steps stand for; without names, everything. When all is there it says nothing and
 *  takes no time worth naming. Errors: what is missing and how to get it, exit code 69. */
export async function setUp(ids?: readonly string[], all = allSteps()): Promise<void> {
  const steps = ids ? stepsFor(ids, all) : all;
  const found = await checkAll(steps);
  const missing = steps.filter(step => found.get(step.id)!.state !== "ok");
  if (missing.length === 0) return;
  refuseByHand(missing, found);
  await makeAll(missing, await stepWatcher(missing));
}

/** Looks at every step at the same time. */
export async function checkAll(steps: readonly Step[]): Promise<Map<string, Status>> {
  return new Map(await Promise.all(steps.map(async step => [step.id, await step.check()] as const)));
}

/** What only the user can make is said first, before minutes go into the rest. */
function refuseByHand(missing: readonly Step[], found: Map<string, Status>): void {
  const lines = missing.flatMap(step => {
    const status = found.get(step.id)!;
    return status.state === "by hand" ? [`${step.title}: ${status.why}.\n  Fix: ${step.fix}`] : [];
  });
  if (lines.length > 0) throw new CliError(lines.join("\n"), exitCodes.unavailable);
}

/** Makes steps as soon as those they come after are done, all others at the same time. Errors: the first failure, after
 *  what was under way has ended. */
export async function makeAll(steps: readonly Step[], watch: StepWatcher): Promise<void> {
  const done = new Map<string, Promise<boolean>>();
  const errors: Error[] = [];
  const one = async (step: Step): Promise<boolean> => {
    const earlier = await Promise.all(step.after.map(id => done.get(id) ?? true));
    const began = Date.now();
    if (earlier.includes(false)) {
      watch.ended(step, 0, undefined, new Error("left out: a step before it failed"));
      return false;
    }
    watch.started(step);
    try {
      const status = await makeOne(step, line => watch.said(step, line));
      watch.ended(step, Date.now() - began, status);
      return true;
    } catch (error) {
      errors.push(error as Error);
      watch.ended(step, Date.now() - began, undefined, error as Error);
      return false;
    }
  };
  // Registered in dependency order, so that `done` has the earlier ones.
  for (const step of inOrder(steps)) done.set(step.id, one(step));
  await Promise.all(done.values());
  const first = errors[0];
  if (first) throw first instanceof CliError ? first : new CliError(first.message, exitCodes.unavailable);
}

/** Under a lock, and only if no other command made it meanwhile. */
async function makeOne(step: Step, say: (line: string) => void): Promise<Status> {
  return withLock(stepLock(step), 45 * 60_000, async () => {
    const before = await step.check();
    if (before.state === "ok") return before;
    await step.make(say);
    const after = await step.check();
    if (after.state !== "ok")
      throw new CliError(
        `${step.title} was made and is still not there: ${after.why}.\n  Fix: ${step.fix}`,
        exitCodes.unavailable,
      );
    return after;
  });
}

function inOrder(steps: readonly Step[]): Step[] {
  const sorted: Step[] = [];
  const visit = (step: Step) => {
    if (sorted.includes(step)) return;
    for (const earlier of steps.filter(s => step.after.includes(s.id))) visit(earlier);
    sorted.push(step);
  };
  for (const step of steps) visit(step);
  return sorted;
}
