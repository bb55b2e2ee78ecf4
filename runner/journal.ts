import {closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync} from "node:fs";
import {join} from "node:path";
import {isAlive, type ProcessId, thisProcess} from "../lib/alive.ts";
import type {PlatformKind, TopologyMember} from "../lib/topology.ts";
import type {FaultKind, Params} from "./scenario/scenario.ts";

/** One line of a journal. `inject` is on the disk before the fault is. */
type Entry =
  | ({do: "begin"; run: string; scenario: string; stack: string; platform: PlatformKind; at: number} & ProcessId)
  | {do: "inject"; id: number; fault: FaultKind; member: TopologyMember; params?: Params; at: number}
  | {do: "healed"; id: number; at: number};

/** A fault that was about to be injected and that nobody has undone. */
export interface OpenFault {
  id: number;
  fault: FaultKind;
  member: TopologyMember;
  /** What it takes to undo it; empty in journals of versions whose faults took nothing. */
  params: Params;
  at: number;
}

/** What a run did to a stack, so that it can be undone when the run did not live to do it itself. JSON lines, only ever
 *  appended to. */
export class Journal {
  readonly run: string;
  readonly #file: string;
  readonly #handle: number;
  #next = 0;
  #open = new Set<number>();

  constructor(folder: string, about: {run: string; scenario: string; stack: string; platform: PlatformKind}) {
    mkdirSync(folder, {recursive: true});
    this.run = about.run;
    this.#file = join(folder, `${about.run}.jsonl`);
    this.#handle = openSync(this.#file, "ax", 0o600);
    this.#write({do: "begin", ...about, at: Date.now(), ...thisProcess()});
  }

  /** Notes a fault that is about to be injected; returns when the note is on the disk. */
  inject(fault: FaultKind, member: TopologyMember, params: Params = {}): number {
    const id = this.#next++;
    this.#open.add(id);
    this.#write({do: "inject", id, fault, member, params, at: Date.now()});
    return id;
  }

  healed(id: number): void {
    this.#open.delete(id);
    this.#write({do: "healed", id, at: Date.now()});
  }

  /** The run is over. The journal goes when every fault is undone; else it stays for `holdfast heal`. */
  end(): void {
    closeSync(this.#handle);
    if (this.#open.size === 0) rmSync(this.#file, {force: true});
  }

  #write(entry: Entry): void {
    writeSync(this.#handle, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#handle);
  }
}

/** A journal as found on the disk. */
export interface FoundJournal {
  file: string;
  run: string;
  scenario: string;
  stack: string;
  platform: PlatformKind;
  /** Its run still goes on, in another process or in this one. */
  alive: boolean;
  /** It is a run of this process. */
  own: boolean;
  /** In the order of their injection. */
  open: OpenFault[];
}

/** Every journal in the folder. A last line that was cut by a crash is left out: its fault was not injected. */
export function readJournals(folder: string): FoundJournal[] {
  return journalFiles(folder).flatMap(file => {
    const entries = read(file).split("\n").flatMap(parseLine);
    const begin = entries.find(entry => entry.do === "begin");
    if (!begin) return [];
    const healed = new Set(entries.filter(entry => entry.do === "healed").map(entry => entry.id));
    const open = entries
      .filter(entry => entry.do === "inject" && !healed.has(entry.id))
      .map(entry => ({params: {}, ...entry}) as OpenFault);
    const {run, scenario, stack, platform} = begin;
    return [{file, run, scenario, stack, platform, alive: isAlive(begin), own: begin.pid === process.pid, open}];
  });
}

/** Nothing where its run has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

function journalFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith(".jsonl"))
      .sort()
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}

function parseLine(line: string): Entry[] {
  try {
    return line ? [JSON.parse(line) as Entry] : [];
  } catch {
    return [];
  }
}
