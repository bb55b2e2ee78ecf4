import type {Check} from "../../lib/analysis/check.ts";
import type {History, Operation} from "../../lib/history.ts";
import type {Finding} from "../../lib/result.ts";

export const finds = ["lost", "stale-read", "non-monotonic-read", "G1a", "stranger", "future-read", "vanished"];

interface Seen {
  register: number;
  value: number;
  /** Number of the client's connection. */
  on?: number;
}

const mostTold = 10;
const seen = (o: Operation) => o.data as Seen;
const nothingYet = -1;

/** Sessions: a client that wrote a number never reads a lower one of its register afterwards (read your writes), nor a
 *  lower one than it has read before (monotonic reads); and nobody, the final read included, reads what failed, what
 *  nobody wrote or what was not sent yet. What was read is there in the end. What *another* client had been
 *  acknowledged before and a read does not show is counted in a note; with the option `sync`, which asks for it to be
 *  seen, it is a finding. */
export function check(history: History): Check {
  const operations = history.operations.filter(o => o.data !== undefined).sort((a, b) => a.sent - b.sent);
  const writes = operations.filter(o => o.kind === "write");
  const reads = operations.filter(o => o.kind === "read" && o.outcome === "ok");
  const told = new Told();
  for (const client of new Set(reads.map(o => o.client))) sessionOf(client, operations, told);
  const final = history.finalRead && finalReads(history, history.finalRead.map(Number));
  origins(writes, [...reads, ...(final ?? [])], told);
  if (final) vanished(writes, reads, final, told);
  const across = staleAcross(writes, reads);
  if (history.options?.sync) for (const one of across) told.add("stale-read", one.text, one.operations);
  else if (across.length > 0) told.notes.push(acrossNote(across, reads.length));
  const {findings, notes} = told.all();
  if (final) return {...lostWrites(writes, final), findings, notes};
  return {findings, notes: [...notes, `There was no final read: ${history.trouble ?? "the client gave no reason"}.`]};
}

/** The final read as one read of each register, by a client of its own. */
function finalReads({clients, operations, to}: History, values: readonly number[]): Operation[] {
  const at = Math.max(to ?? 0, ...operations.map(o => o.done));
  const times = {client: clients, kind: "read", due: at, sent: at, done: at, outcome: "ok"} as const;
  return values.map((value, register) => ({...times, data: {register, value}}));
}

/** Findings, the first of each class; a note says how many there are. */
class Told {
  readonly notes: string[] = [];
  readonly #findings: Finding[] = [];

  add(anomaly: string, text: string, operations: Operation[]): void {
    this.#findings.push({anomaly, text, operations});
  }

  all(): {findings: Finding[]; notes: string[]} {
    const findings: Finding[] = [];
    for (const [anomaly, all] of Map.groupBy(this.#findings, f => f.anomaly)) {
      findings.push(...all.slice(0, mostTold));
      if (all.length > mostTold)
        this.notes.push(`${anomaly} was found ${all.length} times; the first ${mostTold} are told.`);
    }
    return {findings, notes: this.notes};
  }
}

/** One client's operations in their order: it does one after the other. */
function sessionOf(client: number, operations: readonly Operation[], told: Told): void {
  const highest = new Map<number, Operation>();
  for (const o of operations) {
    if (o.client !== client || o.outcome !== "ok") continue;
    const {register, value, on} = seen(o);
    const before = highest.get(register);
    if (!before || value >= seen(before).value) highest.set(register, o);
    if (!before || o.kind !== "read" || value >= seen(before).value) continue;
    const had = before.kind === "write" ? "written" : "read";
    const moved = seen(before).on === on ? "on the same connection" : "on an earlier connection";
    const text = `Client ${client} read ${value} from register ${register} after it had ${had} ${seen(before).value} ${moved}, ${Math.round(o.sent - before.done)} ms before.`;
    told.add(before.kind === "write" ? "stale-read" : "non-monotonic-read", text, [before, o]);
  }
}

/** Every number that was read was written, by a write that did not fail and that had been sent by then. */
function origins(writes: readonly Operation[], reads: readonly Operation[], told: Told): void {
  const written = new Map(writes.map(o => [`${seen(o).register} ${seen(o).value}`, o]));
  const done = new Set<string>();
  for (const read of reads) {
    const {register, value} = seen(read);
    const id = `${register} ${value}`;
    const write = written.get(id);
    const early = write !== undefined && write.sent > read.done;
    if (value === nothingYet || (write && write.outcome !== "failed" && !early) || done.has(id)) continue;
    done.add(id);
    const text = `Client ${read.client} read ${value} from register ${register}; `;
    if (early) {
      const ms = Math.round(write.sent - read.done);
      told.add("future-read", `${text}client ${write.client} sent that write ${ms} ms later.`, [write, read]);
    } else if (write) told.add("G1a", `${text}that write had failed (${write.error ?? "no class"}).`, [write, read]);
    else told.add("stranger", `${text}nobody wrote that.`, [read]);
  }
}

/** Numbers of writes that nobody was acknowledged, which were read, and whose register stands lower in the end. */
function vanished(
  writes: readonly Operation[],
  reads: readonly Operation[],
  final: readonly Operation[],
  told: Told,
): void {
  const unknown = new Set(writes.filter(o => o.outcome === "unknown").map(o => `${seen(o).register} ${seen(o).value}`));
  const highest = new Map<number, Operation>();
  for (const read of reads) {
    const {register, value} = seen(read);
    const before = highest.get(register);
    if (unknown.has(`${register} ${value}`) && (!before || value > seen(before).value)) highest.set(register, read);
  }
  for (const last of final) {
    const {register, value} = seen(last);
    const read = highest.get(register);
    if (!read || seen(read).value <= value) continue;
    const text = `Register ${register} stands at ${value} in the end, and client ${read.client} had read ${seen(read).value} from it. That write did not hear how it ended; it had happened, and is gone.`;
    told.add("vanished", text, [read, last]);
  }
}

interface Stale {
  text: string;
  operations: Operation[];
  /** How long the newer write had been acknowledged when the read was sent. */
  ms: number;
}

/** Reads of another client's register that do not show what was acknowledged before they were sent. */
function staleAcross(writes: readonly Operation[], reads: readonly Operation[]): Stale[] {
  const acknowledged = Map.groupBy(
    writes.filter(o => o.outcome === "ok"),
    o => seen(o).register,
  );
  return reads.flatMap((read): Stale[] => {
    const {register, value} = seen(read);
    if (register === read.client) return [];
    // Numbers go up with time, so the first that is newer was acknowledged first.
    const own = acknowledged.get(register) ?? [];
    const newer = own[firstAbove(own, value)];
    if (!newer || newer.done >= read.sent) return [];
    const ms = Math.round(read.sent - newer.done);
    const text = `Client ${read.client} read ${value} from register ${register} ${ms} ms after client ${newer.client} had been acknowledged ${seen(newer).value}.`;
    return [{text, operations: [newer, read], ms}];
  });
}

function firstAbove(own: readonly Operation[], value: number): number {
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (seen(own[middle]!).value > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

function acrossNote(across: readonly Stale[], reads: number): string {
  const longest = across.reduce((most, one) => Math.max(most, one.ms), 0);
  return `${across.length} of ${reads} reads did not show what another client had been acknowledged before, by up to ${longest} ms. Sessions may differ unless \`sync\` is on.`;
}

/** Registers that stand below what their client was acknowledged last. */
function lostWrites(writes: readonly Operation[], final: readonly Operation[]): {lost: number} {
  const below = final.filter(last =>
    writes.some(
      o => o.outcome === "ok" && seen(o).register === seen(last).register && seen(o).value > seen(last).value,
    ),
  );
  return {lost: below.length};
}
