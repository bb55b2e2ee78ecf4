import {InputError} from "../../lib/problems.ts";
import {change} from "./change.ts";
import {clock} from "./clock.ts";
import {crash} from "./crash.ts";
import {diskFull} from "./disk-full.ts";
import {dns} from "./dns.ts";
import type {Fault} from "./fault.ts";
import {kill} from "./kill.ts";
import {latency} from "./latency.ts";
import {loss} from "./loss.ts";
import {memory} from "./memory.ts";
import {neighbours} from "./neighbours.ts";
import {operationFaults} from "./operation.ts";
import {partition} from "./partition.ts";
import {pause} from "./pause.ts";
import {power} from "./power.ts";
import {process} from "./process.ts";
import {restart} from "./restart.ts";
import {slowDisk} from "./slow-disk.ts";
import {slowLink} from "./slow-link.ts";
import {stop} from "./stop.ts";
import {volume} from "./volume.ts";

/** Every fault there is, in the order in which the schema shows them. A new one is a file and a line here; planned work
 *  is an operation of a kind of component. */
export const faults: readonly Fault[] = [
  kill,
  crash,
  stop,
  pause,
  restart,
  process,
  partition,
  loss,
  slowLink,
  latency,
  dns,
  diskFull,
  slowDisk,
  power,
  memory,
  clock,
  neighbours,
  volume,
  ...operationFaults,
  change,
];

export const faultKinds: readonly string[] = faults.map(fault => fault.kind);

/** The fault of that name. Errors: there is none, which a journal of a later version can bring about. */
export function faultOf(kind: string): Fault {
  const found = faults.find(fault => fault.kind === kind);
  if (found) return found;
  const message = `is not a fault of this version, which has ${faultKinds.join(", ")}.`;
  throw new InputError("faults", [{path: kind, message}]);
}
