import {createInterface} from "node:readline";
import {within} from "../lib/limit.ts";
import type {Endpoint} from "../lib/topology.ts";
import type {ProxyOrder, ProxyReady} from "../workloads/proxy/order.ts";
import type {RunContext} from "./phases/context.ts";
import type {ClientProcess} from "./targets/target.ts";

const readyLimitMs = 20_000;
/** MiB. */
const memory = 128;

/** A slow proxy between one workload and its endpoint, in a container on the endpoint's network. */
export interface SlowProxy {
  process: ClientProcess;
  /** The endpoint as clients reach it through the proxy. */
  endpoint: Endpoint;
  /** It ended, whyever. */
  ended: boolean;
}

export async function startProxy(
  context: RunContext,
  name: string,
  way: Omit<ProxyOrder, "upstreams" | "seed">,
  endpoint: Endpoint,
): Promise<SlowProxy> {
  const servers = endpoint.servers?.map(toUpstream);
  const order: ProxyOrder = {
    ...way,
    upstreams: servers ?? [{host: endpoint.address, port: endpoint.port}],
    seed: context.random.seed,
  };
  const process = await context.target.client({
    name: `holdfast-${context.run}-${name}-proxy`,
    image: context.clientImage,
    command: ["/usr/local/bin/node", "/usr/local/lib/holdfast/proxy.mjs"],
    run: context.run,
    stack: context.topology.stack,
    network: endpoint.network,
    memory,
    files: {"proxy.json": JSON.stringify(order)},
  });
  try {
    const {address, ports} = await within(readyLimitMs, `The proxy of ${name}`, firstLineOf(process));
    const through = servers ? {servers: ports.map(port => `${address}:${port}`)} : {};
    const proxy: SlowProxy = {process, endpoint: {...endpoint, address, port: ports[0]!, ...through}, ended: false};
    process.ended.then(() => (proxy.ended = true));
    return proxy;
  } catch (error) {
    await process.remove();
    throw error;
  }
}

function toUpstream(server: string): {host: string; port: number} {
  const at = server.lastIndexOf(":");
  return {host: server.slice(0, at), port: Number(server.slice(at + 1))};
}

async function firstLineOf({stdout, stderr}: ClientProcess): Promise<ProxyReady> {
  let words = "";
  stderr.on("data", text => (words += text));
  for await (const line of createInterface({input: stdout})) return JSON.parse(line) as ProxyReady;
  throw new Error(`The proxy ended before it was ready: ${words.trim().slice(0, 200)}`);
}
