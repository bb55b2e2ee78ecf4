import type {Socket} from "node:net";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {openSocket} from "../client/socket.ts";
import {classOf} from "../client/time.ts";

/** Connects, reads the greeting of a mysql endpoint, closes. Nothing lands, so an operation is never unknown. */
export function tcpProbe(order: WorkloadOrder): Program {
  const greeting = order.options.greeting === true && order.target.protocol === "mysql";
  return {
    kind: "connect",
    prepare: async () => {},
    client: () => new Probe(order, greeting),
    classify: error => ({outcome: "failed", error: classOf(error)}),
    clean: async () => {},
  };
}

class Probe implements Client {
  readonly window = 1;
  /** Connecting is the operation itself. */
  readonly open = true;
  readonly #order: WorkloadOrder;
  readonly #greeting: boolean;
  #socket: Socket | undefined;

  constructor(order: WorkloadOrder, greeting: boolean) {
    this.#order = order;
    this.#greeting = greeting;
  }

  async connect(): Promise<void> {}

  perform(): Promise<Ended> {
    const {target, options} = this.#order;
    const socket = (this.#socket = openSocket(target.address, target.port, Number(options.connectTimeout ?? 250)));
    return new Promise<Ended>((resolve, reject) => {
      socket.once("error", reject);
      socket.once("close", () => reject(Object.assign(new Error("closed before the greeting"), {code: "closed"})));
      if (!this.#greeting) socket.once("connect", () => resolve({kind: "connect", outcome: "ok"}));
      else {
        // A packet has a header of 4 bytes; the first byte after it is the protocol's version, or 0xff for a refusal.
        socket.once("data", data => {
          if (data[4] === 0xff)
            reject(Object.assign(new Error("refused by the server"), {code: String(data.readUInt16LE(5))}));
          else resolve({kind: "connect", outcome: "ok"});
        });
      }
    }).finally(() => socket.destroy());
  }

  destroy(): void {
    this.#socket?.destroy();
  }
}
