import type {Standstill} from "../../lib/analysis/standstills.ts";

/** What took no longer than this is how machines are, in milliseconds. */
const noticeableMs = 100;
/** Between two looks, in milliseconds: what is shorter is not missed by much, and costs a hundredth of a core. */
const everyMs = {disk: 50, processor: 20};

/** What the loops work with; a test gives a machine of its own. */
export interface Machine {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Writes a little and comes back when it is on the disk. */
  write(): Promise<void>;
}

/** Looks until it is told to end, and tells every standstill when it is over. */
export async function look(
  {now, sleep, write}: Machine,
  tell: (standstill: Standstill) => void,
  ended: AbortSignal,
): Promise<void> {
  const note = (of: Standstill["of"], from: number, to: number) => {
    if (to - from > noticeableMs) tell({of, from, to});
  };
  const disk = async () => {
    while (!ended.aborted) {
      const from = now();
      await write();
      note("disk", from, now());
      await sleep(everyMs.disk);
    }
  };
  const processor = async () => {
    while (!ended.aborted) {
      const due = now() + everyMs.processor;
      await sleep(everyMs.processor);
      note("processor", due, now());
    }
  };
  await Promise.all([disk(), processor()]);
}
