import {exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {healBehind} from "./leftovers.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs the work with a signal that Ctrl-C aborts: faults are healed and what there is is written. A second Ctrl-C ends
 *  at once, and  another process heals. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) {
      const log = healBehind();
      note(`\nholdfast: ended at once.${log ? ` A process of its own undoes the faults, and says so in ${log}.` : ""}`);
      process.exit(exitCodes.interrupted);
    }
    note("\nholdfast: stopping. Faults are healed first.");
    controller.abort();
  };
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
