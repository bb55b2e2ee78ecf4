import {createServer, type Server, type Socket} from "node:net";
import {openSocket} from "../client/socket.ts";

/** How much longer each piece of data is on its way, in each direction, in milliseconds. */
export interface Delay {
  latencyMs: number;
  /** At most so much more or less, at random. */
  jitterMs: number;
}

/** Bytes under way in one direction of one connection; beyond that the sender has to wait. */
const most = 4 * 1024 * 1024;

export interface Upstream {
  host: string;
  port: number;
}

/** Listens for connections, opens one to the endpoint for each, and passes on in order what each side sends, later. An
 *  endpoint that does not answer within `connectTimeoutMs` breaks the client's connection, as the client itself would
 *  have given up without a proxy. */
export function delayProxy(
  {host, port}: Upstream,
  delay: Delay,
  connectTimeoutMs: number,
  random: () => number,
): Server {
  const server = createServer({allowHalfOpen: true, noDelay: true}, client => {
    const there = openSocket(host, port, connectTimeoutMs, {allowHalfOpen: true});
    pass(client, there, delay, random);
    pass(there, client, delay, random);
  });
  return server;
}

/** Data, its end and a broken connection all take the same time. */
function pass(from: Socket, to: Socket, {latencyMs, jitterMs}: Delay, random: () => number): void {
  const waiting: {due: number; action: () => void}[] = [];
  let underWay = 0;
  const next = () => {
    while (waiting.length > 0 && waiting[0]!.due <= performance.now()) waiting.shift()!.action();
    if (waiting.length > 0) setTimeout(next, Math.max(0, waiting[0]!.due - performance.now()));
  };
  // One queue: what was sent later must not arrive earlier, and timers of different lengths keep no order.
  const later = (action: () => void) => {
    const due = performance.now() + Math.max(0, latencyMs + (2 * random() - 1) * jitterMs);
    waiting.push({due: Math.max(due, waiting.at(-1)?.due ?? 0), action});
    if (waiting.length === 1) setTimeout(next, Math.max(0, due - performance.now()));
  };
  from.on("data", (data: Buffer) => {
    underWay += data.length;
    if (underWay > most) from.pause();
    later(() => {
      underWay -= data.length;
      if (!to.destroyed) to.write(data);
      if (underWay <= most) from.resume();
    });
  });
  from.on("end", () => later(() => to.end()));
  from.on("error", () => {});
  from.on("close", broken => {
    if (broken) later(() => to.resetAndDestroy());
  });
}
