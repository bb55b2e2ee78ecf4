import type {History, Operation, Outcome} from "../lib/history.ts";
import {LimitError, within} from "../lib/limit.ts";
import type {WorkloadCommand, WorkloadEvent, WorkloadOrder} from "../lib/workload.ts";

/** A running client program, wherever it runs. */
export interface ClientStreams {
  /** Writes one line to its standard input. */
  write(line: string): void | Promise<void>;
  /** Its standard output, line by line, without line ends. */
  lines: AsyncIterable<string>;
  /** Its standard error likewise: words for people, no part of the protocol. */
  words: AsyncIterable<string>;
  /** Its exit code, once it has ended. */
  exited: Promise<number>;
}

/** The host's side of one workload: tells its client what to do and collects the history. Every wait has a limit. A
 *  client that dies or falls silent never throws from {@link stop}, {@link read} and {@link end}: it leaves
 *  `history.trouble`, and the verdict is unknown then. */
export class WorkloadClient {
  readonly history: History;
  /** Operations so far, by outcome: for progress. */
  readonly counts: Record<Outcome, number> = {ok: 0, failed: 0, unknown: 0};
  /** When an operation was last acknowledged, Unix milliseconds. */
  lastAcknowledged: number | undefined;
  /** The client has ended, in good order or not. */
  ended = false;
  readonly #name: string;
  readonly #streams: ClientStreams;
  readonly #seen = new Map<WorkloadEvent["event"], PromiseWithResolvers<void>>();
  #gone: Promise<void>;
  #lastWords = "";
  #read: (string | number)[] = [];

  constructor(
    order: Pick<WorkloadOrder, "name" | "workload" | "clients"> & Partial<Pick<WorkloadOrder, "options">>,
    streams: ClientStreams,
  ) {
    this.#name = order.name;
    this.#streams = streams;
    this.history = {workload: order.workload, clients: order.clients, operations: [], options: order.options};
    this.#gone = this.#follow();
  }

  /** Waits until the client has made what the load needs. Rejects with its own words when it cannot. */
  async ready(limitMs = 45_000): Promise<void> {
    await this.#until("ready", limitMs, "getting ready");
    if (!this.#has("ready"))
      throw new Error(`Workload ${this.#name}: ${this.history.trouble ?? "its client ended before it was ready."}`);
  }

  /** The load begins. */
  async start(): Promise<void> {
    await this.#tell({do: "start"});
  }

  /** The load ends; returns when every operation under way has ended. */
  async stop(limitMs = 30_000): Promise<void> {
    const asked = Date.now();
    await this.#ask({do: "stop"}, "stopped", limitMs, "stopping");
    this.history.to ??= asked;
  }

  /** The final read. `history.finalRead` is set when it was complete. Call it after {@link stop}. */
  async read(limitMs: number): Promise<void> {
    await this.#ask({do: "read", timeoutMs: limitMs}, "read", limitMs + 5000, "the final read");
  }

  /** The client removes what it made and ends. */
  async end(limitMs = 10_000): Promise<void> {
    if (this.ended) return;
    await this.#ask({do: "end"}, "ended", limitMs, "ending");
  }

  async #ask(command: WorkloadCommand, answer: WorkloadEvent["event"], limitMs: number, what: string): Promise<void> {
    try {
      if (!this.ended) await this.#tell(command);
      await this.#until(answer, limitMs, what);
    } catch (error) {
      this.#trouble(error instanceof LimitError ? error.message : `${what} did not work: ${error}`);
    }
  }

  async #tell(command: WorkloadCommand): Promise<void> {
    await this.#streams.write(JSON.stringify(command));
  }

  /** Until that event, or the client's end. */
  async #until(event: WorkloadEvent["event"], limitMs: number, what: string): Promise<void> {
    await within(limitMs, `Workload ${this.#name}: ${what}`, Promise.race([this.#event(event).promise, this.#gone]));
  }

  #event(event: WorkloadEvent["event"]): PromiseWithResolvers<void> {
    const known = this.#seen.get(event) ?? Promise.withResolvers<void>();
    this.#seen.set(event, known);
    return known;
  }

  readonly #happened = new Set<WorkloadEvent["event"]>();
  #has(event: WorkloadEvent["event"]): boolean {
    return this.#happened.has(event);
  }

  async #follow(): Promise<void> {
    try {
      const {lines, words} = this.#streams;
      await Promise.all([each(lines, line => this.#take(line)), each(words, line => this.#note(line))]);
      const code = await this.#streams.exited;
      if (!this.#has("ended")) this.#trouble(`its client ended by itself with exit code ${code}${this.#lastWords}`);
    } catch (error) {
      this.#trouble(`its client cannot be heard any more: ${error}`);
    }
    this.ended = true;
  }

  #note(line: string): void {
    if (line.trim()) this.#lastWords = `; its last words: ${line.trim().slice(0, 300)}`;
  }

  #take(line: string): void {
    const event = eventOf(line);
    // A library may print what it likes.
    if (!event) {
      this.#note(line);
      return;
    }
    if (event.event === "operations") {
      this.#add(event.operations);
      for (const run of event.unsent ?? []) (this.history.unsent ??= []).push(run);
    } else if (event.event === "stopped") {
      const {from, to, notSent, client} = event;
      Object.assign(this.history, {from, to, notSent, client});
    } else if (event.event === "note") (this.history.notes ??= []).push(event.message);
    else if (event.event === "trouble") this.#trouble(event.message);
    else if (event.event === "read") {
      for (const value of event.values) this.#read.push(value);
      if (event.more) return;
      this.history.finalRead = this.#read;
    }
    // Trouble at the final read is the answer to it.
    const answered = event.event === "trouble" ? "read" : event.event;
    if (event.event !== "trouble" || !event.fatal) {
      this.#happened.add(answered);
      this.#event(answered).resolve();
    }
  }

  #add(operations: Operation[]): void {
    for (const operation of operations) {
      this.history.operations.push(operation);
      this.counts[operation.outcome]++;
      if (operation.outcome === "ok") this.lastAcknowledged = Math.max(this.lastAcknowledged ?? 0, operation.done);
    }
  }

  /** The first trouble is the cause of the others. */
  #trouble(message: string): void {
    this.history.trouble ??= message;
  }
}

async function each(lines: AsyncIterable<string>, take: (line: string) => void): Promise<void> {
  for await (const line of lines) take(line);
}

/** Undefined where the line is none. */
function eventOf(line: string): WorkloadEvent | undefined {
  try {
    const said: unknown = JSON.parse(line);
    return typeof said === "object" && said !== null && "event" in said ? (said as WorkloadEvent) : undefined;
  } catch {
    return undefined;
  }
}
