import type {Term} from "./terms.ts";

/** What a client sees with no fault at all, or while a member that was lost starts again and takes the processors:
 *  login, first operation and every wait for a turn on the way. Measured as the longest gap of any client in
 *  scenarios/steady/no-fault.yaml on 2 cores with the whole lab: 0.37 s with nothing else on the machine, 0.49 s at a
 *  load of 20. */
export const machineMs = 500;

export const machineTerm = (ms: number): Term => ({
  name: "waits for the machine, login and first operation",
  ms,
  upTo: true,
});
