import {note} from "../lib/output.ts";
import {type Started, stackObjects, startStopped, stoppedProcesses} from "./objects.ts";
import {restartStranded} from "./stranded.ts";

/** Brings back what of a stack's members does not run, each process once: one that ends again has a reason, which
 *  starting it a third time would hide. */
export class Mender {
  /** Names of what was started, resumed or started anew, in that order. */
  readonly started: string[] = [];
  readonly #label: string;
  readonly #tried = new Set<string>();

  /** `label`: of the stack, `lab/lab`. */
  constructor(label: string) {
    this.#label = label;
  }

  /** One round. Says what it did, and what docker refused. Never throws for the latter. */
  async mend(): Promise<void> {
    const all = await stackObjects(this.#label);
    const fresh = all.filter(o => !this.#tried.has(o.name));
    for (const {name} of stoppedProcesses(fresh)) this.#tried.add(name);
    this.#tell(await startStopped(fresh));
    this.#tell(await restartStranded(all, this.#tried));
  }

  #tell({started, troubles}: Started): void {
    for (const name of started) this.#tried.add(name);
    this.started.push(...started);
    if (started.length > 0) note(`holdfast: started ${started.join(", ")}`);
    for (const trouble of troubles) note(`holdfast: ${trouble}`);
  }
}
