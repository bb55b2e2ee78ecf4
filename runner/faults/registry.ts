import type {FaultKind} from "../scenario/scenario.ts";
import {crash} from "./crash.ts";
import type {Fault} from "./fault.ts";
import {kill} from "./kill.ts";
import {pause} from "./pause.ts";
import {stop} from "./stop.ts";

/** Every fault there is. A new one is a file, a line here and a word in the scenario's schema. */
export const faults: Record<FaultKind, Fault> = {kill, crash, stop, pause};
