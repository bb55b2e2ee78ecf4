/** Stands beside the members of one stack on one docker engine. Docker starts all containers at once when it starts
 *  itself, and one that joins the network of another fails for good where that is not up yet: those, and no others, are
 *  started here. */
import {setTimeout as sleep} from "node:timers/promises";
import {Engine} from "./engine.ts";
import {Starter} from "./starter.ts";

/** Between two looks, in milliseconds: one call that lists what is down, and costs docker about a millisecond. */
const pauseMs = 1000;

const {HOLDFAST_LABEL: label, HOLDFAST_SOCKET: socket} = process.env;
if (!label || !socket) {
  console.error("starter: HOLDFAST_LABEL and HOLDFAST_SOCKET must be set");
  process.exit(64);
}
const end = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => end.abort());
const starter = new Starter(new Engine(socket), label, line => console.log(`starter: ${line}`), performance.now());
while (!end.signal.aborted) {
  try {
    await starter.look(performance.now());
  } catch (error) {
    console.error(`starter: ${(error as Error).message}`);
    process.exit(1);
  }
  await sleep(pauseMs, undefined, {signal: end.signal}).catch(() => {});
}
