import {createInterface} from "node:readline";
import type {Readable} from "node:stream";
import {filesDir} from "../lib/names.ts";
import type {Endpoint} from "../lib/topology.ts";
import type {WorkloadOrder} from "../lib/workload.ts";
import {type ClientStreams, WorkloadClient} from "../workloads/driver.ts";
import {fillOptions} from "../workloads/options.ts";
import type {WorkloadPlugin} from "../workloads/plugin.ts";
import {findWorkload} from "../workloads/registry.ts";
import {clientOf} from "./budget/scenario.ts";
import type {RunContext} from "./phases/context.ts";
import type {LoadCounts} from "./phases/progress.ts";
import {type SlowProxy, startProxy} from "./proxy.ts";
import {endpointNamed} from "./scenario/endpoint.ts";
import type {LoadPlan} from "./scenario/scenario.ts";
import type {ClientProcess} from "./targets/target.ts";

/** MiB for one client container. */
const clientMemory = 256;

/** Longest times for what a run does with its clients when it is ended early, of 5 s that it has for all. */
const cutStopMs = 1500;
const cutEndMs = 500;

/** One workload of a scenario: its client in a container, and who judges what it did. */
export interface RunningLoad {
  name: string;
  plan: LoadPlan;
  plugin: WorkloadPlugin;
  endpoint: Endpoint;
  order: WorkloadOrder;
  client: WorkloadClient;
  process: ClientProcess;
  /** What stands between it and its endpoint, where the scenario asks for that. */
  proxy?: SlowProxy;
}

/** Starts the client of every workload, each on the network of its endpoint. They wait for the word to begin. */
export async function startLoads(context: RunContext, maxMs: number): Promise<RunningLoad[]> {
  const plans = Object.entries(context.scenario.load);
  const started = await Promise.allSettled(plans.map(([name, plan]) => startLoad(context, name, plan, maxMs)));
  const loads = started.flatMap(one => (one.status === "fulfilled" ? [one.value] : []));
  const failed = started.find(one => one.status === "rejected");
  if (!failed) return loads;
  await removeLoads(loads);
  throw failed.reason;
}

/** Ends the clients of a run that is ended early: there is no final read, but what was done until then is told. A
 *  client whose service does not answer is not waited for. */
export async function cutLoads(loads: readonly RunningLoad[]): Promise<void> {
  const ending = loads.map(async ({client}) => {
    await client.stop(cutStopMs);
    await client.end(cutEndMs);
  });
  await Promise.all(ending);
}

/** Removes the clients with all that they had. */
export async function removeLoads(loads: readonly RunningLoad[]): Promise<void> {
  await Promise.all(
    loads.flatMap(({process, proxy}) => [process, proxy?.process ?? []].flat().map(p => p.remove().catch(() => {}))),
  );
}

/** Operations so far, by workload. */
export function countsOf(loads: readonly RunningLoad[]): Record<string, LoadCounts> {
  return Object.fromEntries(
    loads.map(({name, client}) => [name, {...client.counts, lastAcknowledged: client.lastAcknowledged}]),
  );
}

async function startLoad(context: RunContext, name: string, plan: LoadPlan, maxMs: number): Promise<RunningLoad> {
  const {target, topology, run} = context;
  const plugin = findWorkload(plan.workload)!;
  const endpoint = endpointNamed(topology, plan.endpoint)!;
  const way = plan.via && {...plan.via, connectTimeoutMs: clientOf(plan).connectMs};
  const proxy = way && (await startProxy(context, name, way, endpoint));
  const order = orderOf(context, name, plan, plugin, proxy?.endpoint ?? endpoint, maxMs);
  const starting = target.client({
    name: `holdfast-${run}-${name}`,
    image: context.clientImage,
    run,
    stack: topology.stack,
    network: endpoint.network,
    memory: clientMemory,
    files: {"workload.json": JSON.stringify(order), ...passwordFile(context, endpoint)},
  });
  const process = await starting.catch(async error => {
    await proxy?.process.remove();
    throw error;
  });
  return {
    name,
    plan,
    plugin,
    endpoint,
    order,
    process,
    ...(proxy ? {proxy} : {}),
    client: new WorkloadClient(order, streamsOf(process)),
  };
}

function orderOf(
  context: RunContext,
  name: string,
  plan: LoadPlan,
  plugin: WorkloadPlugin,
  endpoint: Endpoint,
  maxMs: number,
): WorkloadOrder {
  const {address, port, user, database, vhost, servers, protocol} = endpoint;
  return {
    name,
    workload: plan.workload,
    clients: plan.clients,
    rate: plan.rate,
    timeoutMs: plan.timeoutMs ?? plugin.timeoutMs,
    maxMs,
    seed: context.random.seed,
    run: context.run,
    target: {
      address,
      port,
      user,
      database,
      vhost,
      servers,
      protocol,
      ...(endpoint.passwordSecret ? {passwordFile: `${filesDir}/password`} : {}),
    },
    options: fillOptions(plugin.options, plan.options).options,
  };
}

function passwordFile({secrets}: RunContext, {passwordSecret}: Endpoint): Record<string, string> {
  return passwordSecret ? {password: secrets[passwordSecret] ?? ""} : {};
}

/** Whole lines of each output. */
function streamsOf(process: ClientProcess): ClientStreams {
  const linesOf = (input: Readable) => createInterface({input, crlfDelay: Number.POSITIVE_INFINITY});
  process.stdin.on("error", () => {});
  return {
    lines: linesOf(process.stdout),
    words: linesOf(process.stderr),
    exited: process.ended,
    write: line => void (process.stdin.writable && process.stdin.write(`${line}\n`)),
  };
}
