import {createInterface} from "node:readline";
import type {Standstill} from "../../lib/analysis/standstills.ts";
import type {FaultResult} from "../../lib/result.ts";
import {faultOf} from "../faults/registry.ts";
import {within} from "../limit.ts";
import type {RunContext} from "../phases/context.ts";
import type {ClientProcess} from "../targets/target.ts";

/** MiB. */
const memory = 96;
const endMs = 10_000;

/** What a run knows of the standstills of its machine. */
export interface Watch {
  /** Ends it. Gives every standstill; undefined where the watcher did not look until the end. */
  stop(): Promise<Standstill[] | undefined>;
}

interface Watched extends Pick<RunContext, "target" | "clientImage" | "run"> {
  stack: string;
}

/** Watches the machine from a container beside the stack, on the storage that the members have, with as large a share of the processors as the clients
 *  have. A run without one is judged as if the machine never stood still. */
export async function watchMachine({target, clientImage, run, stack}: Watched): Promise<Watch> {
  const process = await target.client({
    name: `holdfast-${run}-standstills`,
    image: clientImage,
    command: ["/usr/local/bin/node", "/usr/local/lib/holdfast/standstills.mjs"],
    run,
    stack,
    files: {disk: ""},
    writable: ["disk"],
    memory,
  });
  const seen = collect(process);
  let early = false;
  void process.ended.then(() => (early = true));
  return {
    async stop() {
      try {
        if (early) return undefined;
        process.stdin.write("end\n");
        const all = Promise.all([seen, process.ended]);
        const [standstills, code] = await within(endMs, "The watcher of the machine", all);
        return code === 0 ? standstills : undefined;
      } catch {
        return undefined;
      } finally {
        await process.remove().catch(() => {});
      }
    },
  };
}

async function collect({stdin, stdout, stderr}: ClientProcess): Promise<Standstill[]> {
  stdin.on("error", () => {});
  stderr.resume();
  const seen: Standstill[] = [];
  for await (const line of createInterface({input: stdout})) seen.push(JSON.parse(line) as Standstill);
  return seen;
}

/** The standstills that an outage may be laid to: none where a fault of the run burdens the machine itself. */
export function standstillsThatExcuse(
  standstills: readonly Standstill[] = [],
  faults: readonly Pick<FaultResult, "fault">[],
): readonly Standstill[] {
  return faults.some(({fault}) => faultOf(fault).burdensMachine) ? [] : standstills;
}
