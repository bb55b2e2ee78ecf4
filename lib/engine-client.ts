import {Agent, type ClientRequest} from "node:http";
import {Agent as TlsAgent} from "node:https";
import {createRequire} from "node:module";
import {inspect} from "node:util";
import type Docker from "dockerode";

/** A client of the docker engine: the one of `options`, else of DOCKER_HOST, else behind the usual socket. A call fails
 *  with ECONNRESET when the engine goes away in  the middle of its answer; docker-modem (5.0) alone would wait for the
 *  rest for ever. */
export function engineClient(options: Docker.DockerOptions = {}): Docker {
  // Loaded when it is first needed: `--help` and `topology` do without.
  const Client = createRequire(import.meta.url)("dockerode") as typeof Docker;
  const client = new Client(options);
  const modem = client.modem as unknown as {protocol: string; agent?: Agent};
  if (modem.protocol === "http") modem.agent = failing(new Agent(kept));
  if (modem.protocol === "https") modem.agent = failing(new TlsAgent(kept));
  return client;
}

/** As node's own agent keeps connections. */
const kept = {keepAlive: true, scheduling: "lifo", timeout: 5000} as const;

/** Node knows that an answer broke off, and tells whoever listens at the answer; docker-modem listens at the request
 *  alone. */
function failing<A extends Agent>(agent: A): A {
  const adds = agent as A & {addRequest(request: ClientRequest, ...rest: unknown[]): void};
  const add = adds.addRequest.bind(agent);
  adds.addRequest = (request, ...rest) => {
    request.once("response", answer => answer.once("error", (error: Error) => request.emit("error", error)));
    add(request, ...rest);
  };
  // docker-modem writes out everything that a call is given, to the last socket, for a log that nobody sees: that took
  // most of a core.
  Object.defineProperty(agent, inspect.custom, {value: () => "Agent"});
  return agent;
}
