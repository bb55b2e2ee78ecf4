import type {Random} from "../../lib/random.ts";
import type {Topology} from "../../lib/topology.ts";
import type {StackChanger} from "../faults/fault.ts";
import type {Journal} from "../journal.ts";
import type {Scenario} from "../scenario/scenario.ts";
import type {Target} from "../targets/target.ts";
import type {Progress} from "./progress.ts";

/** What every phase of a run works with. */
export interface RunContext {
  scenario: Scenario;
  topology: Topology;
  /** Values of the stack's secrets by name. */
  secrets: Readonly<Record<string, string>>;
  target: Target;
  /** Image of the workload clients. */
  clientImage: string;
  /** Unique for this run: lower-case letters and digits. */
  run: string;
  random: Random;
  journal: Journal;
  progress: Progress;
  /** Changes the stack in the middle of a run; absent where nobody can. */
  stack?: StackChanger;
  /** Ends the load and the waits; faults are healed all the same. */
  signal: AbortSignal;
}
