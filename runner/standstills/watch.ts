import {createInterface} from "node:readline";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import {unlessAborted, within} from "../../lib/limit.ts";
import {firstLine} from "../../lib/problems.ts";
import type {RunContext} from "../phases/context.ts";
import type {ClientProcess} from "../targets/target.ts";

/** MiB. */
const memory = 96;
const endMs = 10_000;

/** What a run knows of the standstills of its machine. */
export interface Watch {
  /** Ends it. Gives every standstill; undefined where the watcher did not look until the end, or the signal was
   *  aborted: nothing is waited for then. */
  stop(signal?: AbortSignal): Promise<Standstill[] | undefined>;
}

interface Watched extends Pick<RunContext, "target" | "clientImage" | "run"> {
  stack: string;
  /** Tells why there is nothing to know. */
  say(line: string): void;
}

/** Watches the machine from a container beside the stack, on the storage that the members have, with as large a share
 *  of the processors as the clients have. A run without one is judged as if the machine never stood still. */
export async function watchMachine({target, clientImage, run, stack, say}: Watched): Promise<Watch> {
  const process = await target.client({
    // Not a name that the client of a workload could have.
    name: `holdfast-${run}_standstills`,
    image: clientImage,
    command: ["/usr/local/bin/node", "/usr/local/lib/holdfast/standstills.mjs"],
    run,
    stack,
    files: {disk: "", journal: ""},
    writable: ["disk", "journal"],
    memory,
  });
  let words = "";
  process.stderr.on("data", text => (words += text));
  let early = false;
  void process.ended.then(() => (early = true));
  // Handled at once: a line that breaks off must not end the run whose machine it is about.
  const seen = collect(process).catch(error => void (words ||= firstLine(error)));
  const nothing = (why: string) => {
    const said = words.trim().split("\n")[0];
    say(`The machine was not watched to the end, so nothing is laid to it: ${said || why}`);
    return undefined;
  };
  return {
    async stop(signal) {
      try {
        if (signal?.aborted) return undefined;
        if (early) return nothing("the watcher ended early.");
        process.stdin.write("end\n");
        const all = Promise.all([seen, process.ended]);
        const [standstills, code] = await within(endMs, "The watcher of the machine", unlessAborted(signal, all));
        return standstills && code === 0 ? standstills : nothing(`the watcher ended with ${code}.`);
      } catch (error) {
        if (signal?.aborted) return undefined;
        return nothing(firstLine(error));
      } finally {
        await process.remove().catch(() => {});
      }
    },
  };
}

async function collect({stdin, stdout}: ClientProcess): Promise<Standstill[]> {
  stdin.on("error", () => {});
  const seen: Standstill[] = [];
  for await (const line of createInterface({input: stdout})) seen.push(JSON.parse(line) as Standstill);
  return seen;
}
