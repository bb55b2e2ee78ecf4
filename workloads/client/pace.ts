import type {Operation, Unsent} from "../../lib/history.ts";
import {retryPausesMs as retries, type WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "./contract.ts";
import {type Clock, classOf, realClock, within} from "./time.ts";

/** The open-loop schedule of one client: its operations come due at fixed times whatever the server does. One that
 *  comes due while the client is busy is sent late with its due time kept; one that is later than `backlog` is given up
 *  and counted as not sent. A connection is opened only by an operation that needs it; when that fails the operation
 *  failed, and the next try is 50, then 100, then every 200 ms later. Nothing is ever repeated. */
export class Pace {
  readonly #order: WorkloadOrder;
  readonly #program: Program;
  readonly #client: Client;
  readonly #number: number;
  readonly #record: (operation: Operation) => void;
  readonly #giveUp: (run: Unsent) => void;
  readonly #backlogMs: number;
  readonly #lifetimeMs: number;
  /** When the connection was opened. */
  #opened = 0;
  readonly #underWay = new Set<Promise<void>>();
  readonly #clock: Clock;
  #stopped = false;
  /** Ends the wait for an operation to end, and the one for the next to come due. */
  #freed: () => void = () => {};
  #woken: () => void = () => {};
  notSent = 0;
  /** Slots given up one after the other, until one is sent again. */
  #unsent: Unsent | undefined;

  constructor(
    order: WorkloadOrder,
    program: Program,
    number: number,
    record: (operation: Operation) => void,
    giveUp: (run: Unsent) => void = () => {},
    clock: Clock = realClock,
  ) {
    this.#order = order;
    this.#program = program;
    this.#number = number;
    this.#client = program.client(number);
    this.#record = record;
    this.#giveUp = giveUp;
    this.#clock = clock;
    this.#backlogMs = Number(order.options.backlog ?? 500);
    // Clients that began together must not all come back together.
    this.#lifetimeMs = Number(order.options.lifetime ?? 0) * (0.8 + (0.4 * ((number * 7) % 10)) / 10);
  }

  /** Opens the connection before the load begins, so that the first operation is not the one that logs in. Whether it
   *  succeeds is for the schedule to find out. */
  async warm(): Promise<void> {
    await this.#login().catch(() => this.#client.destroy());
    this.#opened = this.#clock.now();
  }

  /** Runs from `from` until `to` (Unix milliseconds) or {@link stop}, and returns when the last operation has ended. */
  async run(from: number, to: number): Promise<void> {
    const {clients, rate} = this.#order;
    const spacing = (clients / rate) * 1000;
    const first = from + (this.#number / clients) * spacing;
    let failures = 0;
    for (let n = 0; ; n++) {
      const due = first + n * spacing;
      if (due >= to) break;
      await this.#sleepUntil(due);
      while (!this.#stopped && this.#underWay.size >= this.#client.window) await this.#oneEnded();
      if (this.#stopped) {
        // What waited for too long by now will not be sent either.
        for (let late = due; this.#clock.now() - late > this.#backlogMs; late += spacing) this.#drop(late);
        break;
      }
      if (this.#clock.now() - due > this.#backlogMs) {
        this.#drop(due);
        continue;
      }
      this.#tellUnsent();
      await this.#closeIfOld();
      if (!this.#client.open) {
        if (await this.#connect(n, due)) failures = 0;
        else {
          await this.#sleepUntil(this.#clock.now() + retries[Math.min(failures++, retries.length - 1)]!);
          continue;
        }
      }
      this.#send(n, due);
    }
    this.#tellUnsent();
    await Promise.all(this.#underWay);
    this.#client.destroy();
  }

  /** A connection that has lived long enough is closed once nothing is under way on it. */
  async #closeIfOld(): Promise<void> {
    if (this.#lifetimeMs === 0 || this.#clock.now() - this.#opened < this.#lifetimeMs || !this.#client.open) return;
    await Promise.all(this.#underWay);
    this.#client.destroy();
  }

  #drop(due: number): void {
    this.notSent++;
    const run = (this.#unsent ??= {client: this.#number, slots: 0, first: round(due), last: 0, at: 0});
    run.slots++;
    run.last = round(due);
    run.at = this.#clock.now();
  }

  #tellUnsent(): void {
    if (this.#unsent) this.#giveUp(this.#unsent);
    this.#unsent = undefined;
  }

  /** Sends nothing more. */
  stop(): void {
    this.#stopped = true;
    this.#freed();
    this.#woken();
  }

  #login(): Promise<void> {
    return this.#within(this.#order.timeoutMs, "the login", this.#client.connect());
  }

  /** The client's answer; when the limit passes, its connection is given up with it. */
  #within<T>(ms: number, what: string, answer: Promise<T>): Promise<T> {
    return within(ms, what, answer, () => this.#client.destroy(), this.#clock);
  }

  async #connect(n: number, due: number): Promise<boolean> {
    const sent = this.#clock.now();
    try {
      await this.#login();
      this.#opened = this.#clock.now();
      return true;
    } catch (error) {
      this.#client.destroy();
      const {kind} = this.#program;
      this.#add(due, sent, {
        kind,
        outcome: "failed",
        error: classOf(error),
        ...this.#meant(n),
      });
      return false;
    }
  }

  #send(n: number, due: number): void {
    const running = this.#perform(n, due).finally(() => {
      this.#underWay.delete(running);
      this.#freed();
    });
    this.#underWay.add(running);
  }

  async #perform(n: number, due: number): Promise<void> {
    const sent = this.#clock.now();
    try {
      const limitMs = this.#program.limitMs ?? this.#order.timeoutMs;
      const ended = await this.#within(limitMs, "the operation", this.#client.perform(n));
      for (const one of Array.isArray(ended) ? ended : [ended]) this.#add(due, sent, one);
    } catch (error) {
      const {kind} = this.#program;
      this.#add(due, sent, {kind, ...this.#meant(n), ...this.#program.classify(error)});
    }
  }

  /** What operation `n` was to write. */
  #meant(n: number): Pick<Operation, "value" | "data"> {
    return {value: this.#program.value?.(this.#number, n), data: this.#program.data?.(this.#number, n)};
  }

  #add(due: number, sent: number, ended: Ended): void {
    const operation: Operation = {
      client: this.#number,
      kind: ended.kind,
      due: round(due),
      sent,
      done: this.#clock.now(),
      outcome: ended.outcome,
    };
    if (ended.sent !== undefined) operation.sent = ended.sent;
    if (ended.done !== undefined) operation.done = ended.done;
    if (ended.value !== undefined) operation.value = ended.value;
    if (ended.data !== undefined) operation.data = ended.data;
    if (ended.error !== undefined) operation.error = ended.error;
    this.#record(operation);
  }

  /** Until that time, or {@link stop}. */
  async #sleepUntil(at: number): Promise<void> {
    const ms = at - this.#clock.now();
    if (ms <= 0.5 || this.#stopped) return;
    const {promise, resolve} = Promise.withResolvers<void>();
    const cancel = this.#clock.after(ms, resolve);
    this.#woken = resolve;
    await promise;
    cancel();
  }

  /** Until an operation ended, or {@link stop}. */
  #oneEnded(): Promise<void> {
    return new Promise(resolve => {
      this.#freed = resolve;
    });
  }
}

const round = (ms: number) => Math.round(ms * 100) / 100;
