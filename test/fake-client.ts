import {PassThrough} from "node:stream";
import {setTimeout as sleep} from "node:timers/promises";
import type {Operation} from "../lib/history.ts";
import type {WorkloadCommand, WorkloadEvent, WorkloadOrder} from "../lib/workload.ts";
import type {ClientProcess, ClientSpec} from "../runner/targets/target.ts";

/** What can go wrong with a fake client. */
export interface ClientMischief {
  /** Every client ends after that many operations. */
  clientDiesAfter?: number;
  /** The final read finds nothing out. */
  noFinalRead?: boolean;
  /** Values that the final read leaves out. */
  loses?: number;
  /** What it never says, whatever it is told: that it is ready, has stopped, what it read, that it ended. */
  silentOn?: readonly WorkloadEvent["event"][];
  /** Operations fail while a member is down. */
  failsMeanwhile?: boolean;
}

/** What it sees of the target that it runs on. */
interface Host {
  readonly log: string[];
  readonly mischief: ClientMischief;
  readonly whole: boolean;
}

/** A client in memory: one operation every 5 ms. */
export class FakeClient {
  readonly process: ClientProcess;
  readonly #target: Host;
  readonly #order: WorkloadOrder;
  readonly #out = new PassThrough();
  readonly #err = new PassThrough();
  readonly #ended = Promise.withResolvers<number>();
  #working = false;
  #values: string[] = [];
  #from = 0;

  constructor(target: Host, spec: ClientSpec) {
    this.#target = target;
    this.#order = JSON.parse(spec.files["workload.json"]!);
    const stdin = new PassThrough();
    stdin.on("data", chunk => {
      for (const line of String(chunk).trim().split("\n")) void this.#obey(JSON.parse(line));
    });
    const remove = async () => {
      target.log.push(`remove ${spec.name}`);
      this.#end(137);
    };
    this.process = {stdin, stdout: this.#out, stderr: this.#err, ended: this.#ended.promise, remove};
    this.#say({event: "ready"});
  }

  async #obey(command: WorkloadCommand): Promise<void> {
    if (command.do === "start") return this.#work();
    if (command.do === "stop") {
      this.#working = false;
      this.#say({
        event: "stopped",
        from: this.#from,
        to: Date.now(),
        notSent: 0,
        client: {cpuShare: 0.1, longestStallMs: 21},
      });
    }
    if (command.do === "read") {
      if (this.#target.mischief.noFinalRead)
        this.#say({event: "trouble", message: "the table cannot be read", fatal: false});
      else this.#say({event: "read", values: this.#values.slice(this.#target.mischief.loses ?? 0), more: false});
    }
    if (command.do === "end" && !this.#target.mischief.silentOn?.includes("ended")) {
      this.#say({event: "ended"});
      this.#end(0);
    }
  }

  async #work(): Promise<void> {
    this.#working = true;
    this.#from = Date.now();
    const {clientDiesAfter, failsMeanwhile} = this.#target.mischief;
    for (let n = 0; this.#working; n++) {
      if (n === clientDiesAfter) {
        this.#err.write("out of memory\n");
        return this.#end(1);
      }
      const now = Date.now();
      const value = `${n}`;
      const outcome = failsMeanwhile && !this.#target.whole ? "failed" : "ok";
      if (outcome === "ok") this.#values.push(value);
      const operation: Operation = {
        client: n % this.#order.clients,
        kind: "append",
        due: now,
        sent: now,
        done: now + 1,
        outcome,
        value,
      };
      this.#say({event: "operations", operations: [operation]});
      await sleep(5);
    }
  }

  #say(event: WorkloadEvent): void {
    if (this.#target.mischief.silentOn?.includes(event.event)) return;
    if (this.#out.writable) this.#out.write(`${JSON.stringify(event)}\n`);
  }

  #end(code: number): void {
    this.#working = false;
    this.#out.end();
    this.#err.end();
    this.#ended.resolve(code);
  }
}
