import type {StandingStack} from "./ensure.ts";
import {Progress, tidy} from "./progress.ts";

/** Whether the stack is again as its program says: a preview with refresh shows no change. */
export async function converge(
  {open: {stack}, configFile}: Pick<StandingStack, "open" | "configFile">,
  signal: AbortSignal,
): Promise<{converged: boolean; detail: string}> {
  const progress = new Progress({quiet: true});
  try {
    const {changeSummary} = await stack.preview({refresh: true, signal, onEvent: progress.onEvent, configFile});
    const changes = Object.entries(changeSummary).filter(([op, count]) => op !== "same" && op !== "read" && count > 0);
    return {converged: changes.length === 0, detail: changes.map(([op, count]) => `${count} to ${op}`).join(", ")};
  } catch (error) {
    throw new Error(progress.errors()[0] ?? tidy((error as Error).message));
  } finally {
    progress.stop();
  }
}
