import {Agent, type IncomingMessage, request} from "node:http";
import type {Socket} from "node:net";
import type {Outcome} from "../../lib/history.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import type {Client, Ended, Program} from "../client/contract.ts";
import {openSocket} from "../client/socket.ts";
import {classOf} from "../client/time.ts";
import {numbered, type Route, routesOf} from "./routes.ts";

const longestBody = 1024 * 1024;
/** Methods that change nothing: a request that was cut off has not happened as far as anybody can tell. */
const safe = new Set(["GET", "HEAD", "OPTIONS"]);
/** Answers that do not say whether the service acted: a proxy gives them when its server broke off or did not
 *  answer. */
const uncertain = new Set([500, 502, 504]);
/** Answers by which a server says that it cannot just now. Any other that is not expected is a wrong answer. */
const refusals = new Set([408, 425, 429]);

/** Requests over HTTP, route after route. */
export function http(order: WorkloadOrder): Program {
  const routes = routesOf(String(order.options.routes));
  return {
    kind: routes.length === 1 ? routes[0]!.name : "request",
    prepare: async () => {},
    client: number => new Requester(order, routes, number),
    classify: error => ({outcome: "unknown", error: classOf(error)}),
    clean: async () => {},
  };
}

class Requester implements Client {
  readonly window = 1;
  readonly #order: WorkloadOrder;
  readonly #routes: Route[];
  readonly #number: number;
  readonly #agent: Agent;
  #socket: Socket | undefined;

  constructor(order: WorkloadOrder, routes: Route[], number: number) {
    this.#order = order;
    this.#routes = routes;
    this.#number = number;
    // One connection, which is opened by `connect` alone.
    this.#agent = new Agent({keepAlive: order.options.keepAlive !== false, maxSockets: 1});
    this.#agent.createConnection = () => this.#socket!;
  }

  get open(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed && this.#socket.writable;
  }

  async connect(): Promise<void> {
    const {target, options} = this.#order;
    const socket = openSocket(target.address, target.port, Number(options.connectTimeout ?? 250));
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    socket.removeAllListeners("error");
    socket.on("error", () => socket.destroy());
  }

  async perform(n: number): Promise<Ended> {
    const route = this.#routes[(n + this.#number) % this.#routes.length]!;
    try {
      const {status, body, server} = await this.#request(route, n);
      return {...judge(route, n, status, body), kind: route.name, data: {route: route.name, status, server}};
    } catch (error) {
      this.destroy();
      const outcome: Outcome = safe.has(route.method) ? "failed" : "unknown";
      return {kind: route.name, outcome, error: classOf(error), data: {route: route.name}};
    } finally {
      if (this.#order.options.keepAlive === false) this.destroy();
    }
  }

  #request(route: Route, n: number): Promise<{status: number; body: string; server?: string}> {
    const {target, options, timeoutMs} = this.#order;
    const sends = !safe.has(route.method) && route.method !== "DELETE";
    const content = sends ? numbered(String(options.body), n) : "";
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          agent: this.#agent,
          host: target.address,
          port: target.port,
          method: route.method,
          path: numbered(route.path, n),
          headers: {
            ...(options.host ? {host: String(options.host)} : {}),
            ...(sends ? {"content-type": "application/json", "content-length": Buffer.byteLength(content)} : {}),
          },
          // Below the limit of the whole operation, so that the route is recorded with what came of it.
          signal: AbortSignal.timeout(Math.max(1, timeoutMs - 20)),
        },
        response => {
          const server = response.headers[String(options.serverHeader).toLowerCase()];
          bodyOf(response).then(
            body => resolve({status: response.statusCode!, body, server: server?.toString()}),
            reject,
          );
        },
      );
      asked.on("error", error =>
        reject(error.name === "AbortError" || error.name === "TimeoutError" ? timedOut : error),
      );
      asked.end(content);
    });
  }

  destroy(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}

const timedOut = Object.assign(new Error("no whole answer in time"), {code: "timeout"});

async function bodyOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    length += (part as Buffer).length;
    if (length <= longestBody) parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString();
}

/** Which answers are right, which say no, and which are wrong. */
function judge(route: Route, n: number, status: number, body: string): Pick<Ended, "outcome" | "error"> {
  if (route.statuses.includes(status)) {
    const right = body.includes(numbered(route.contains, n));
    return right ? {outcome: "ok"} : {outcome: "failed", error: "wrong-body"};
  }
  if (status >= 500 || refusals.has(status)) {
    const outcome = uncertain.has(status) && !safe.has(route.method) ? "unknown" : "failed";
    return {outcome, error: String(status)};
  }
  return {outcome: "failed", error: `wrong-status-${status}`};
}
