import {open} from "node:fs/promises";
import {now, sleep} from "../workloads/client/time.ts";
import {look} from "./loops.ts";

/** The program in the container that watches the machine. It has one file on the storage of the members, tells every standstill as one JSON line on
 *  standard output, and ends when its standard input does or when it is told anything on it. */

const file = await open(process.argv[2] ?? "/holdfast/disk", "r+");
const block = Buffer.alloc(4096, 1);
const over = new AbortController();
for (const event of ["data", "end", "error"]) process.stdin.on(event, () => over.abort());

await look(
  {
    now,
    sleep,
    async write() {
      await file.write(block, 0, block.length, 0);
      await file.datasync();
    },
  },
  standstill => process.stdout.write(`${JSON.stringify(standstill)}\n`),
  over.signal,
);
await file.close();
process.exit(0);
