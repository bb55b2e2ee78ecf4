import type {Standstill} from "../../lib/analysis/standstills.ts";

/** What took no longer than this is how machines are, in milliseconds. */
const noticeableMs = 100;
/** Between two looks, in milliseconds: what is shorter is not missed by much, and costs a hundredth of a core. The
 *  journal is asked less often: each question makes the file system write down what everybody has changed until
 *  then. */
const everyMs = {disk: 50, journal: 250, processor: 20};

/** What the loops work with; a test gives a machine of its own. */
export interface Machine {
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Writes a little over what is there and comes back when it is on the disk. */
  write(): Promise<void>;
  /** Makes a file a little longer and comes back when both the file and its length are on the disk. */
  append(): Promise<void>;
}

/** Looks until it is told to end, and tells every standstill when it is over. */
export async function look(
  {now, sleep, write, append}: Machine,
  tell: (standstill: Standstill) => void,
  ended: AbortSignal,
): Promise<void> {
  const note = (of: Standstill["of"], from: number, to: number) => {
    if (to - from > noticeableMs) tell({of, from, to});
  };
  const storage = async (of: "disk" | "journal", ask: () => Promise<void>) => {
    while (!ended.aborted) {
      const from = now();
      await ask();
      note(of, from, now());
      await sleep(everyMs[of]);
    }
  };
  const processor = async () => {
    while (!ended.aborted) {
      const due = now() + everyMs.processor;
      await sleep(everyMs.processor);
      note("processor", due, now());
    }
  };
  await Promise.all([storage("disk", write), storage("journal", append), processor()]);
}
