import {open} from "node:fs/promises";
import {now, sleep} from "../../workloads/client/time.ts";
import {GrowingFile} from "./growing.ts";
import {look} from "./loops.ts";

/** The program in the container that watches the machine. It has two files on the storage of the members, one that
 *  keeps its length and one that grows, tells every standstill as one JSON line on standard output, and ends when its
 *  standard input does or when it is told anything on it. */

const file = await open("/holdfast/disk", "r+");
const journal = await open("/holdfast/journal", "r+");
const growing = new GrowingFile(journal, 1 << 20);
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
    append: () => growing.append(block),
  },
  standstill => process.stdout.write(`${JSON.stringify(standstill)}\n`),
  over.signal,
);
await Promise.all([file.close(), journal.close()]);
process.exit(0);
