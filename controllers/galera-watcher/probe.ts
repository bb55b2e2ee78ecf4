import {connect} from "node:net";
import type {ProbeResult} from "./evidence.ts";

const results: Record<string, ProbeResult> = {
  ECONNREFUSED: "refused",
  EHOSTUNREACH: "unanswered",
  ETIMEDOUT: "unanswered",
};

/** Makes a new connection and drops it. The kernel accepts for a process that is slow or stopped, so no answer within
 *  `limitMs` means that there is no kernel with such a listener any more, or no way to it. */
export function probe(host: string, port: number, limitMs: number): Promise<ProbeResult> {
  return new Promise(resolve => {
    const socket = connect({host, port});
    const timer = setTimeout(() => done("unanswered"), limitMs);
    const done = (result: ProbeResult) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.once("connect", () => done("accepted"));
    socket.once("error", (error: NodeJS.ErrnoException) => done(results[error.code ?? ""] ?? "unknown"));
  });
}
