import {readFileSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import {Command} from "commander";
import {stackReference} from "../../engine/reference.ts";
import {readTopology} from "../../engine/topology.ts";
import {summarise} from "../../lib/analysis/summary.ts";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {endpointNamed} from "../../runner/scenario/endpoint.ts";
import {localClient} from "../../workloads/local-client.ts";
import {fillOptions} from "../../workloads/options.ts";
import {findWorkload, workloads} from "../../workloads/registry.ts";

/** What one core of the client program can drive: runs it as a process against an endpoint and divides what was
 *  acknowledged by the processor time that it took. What the server can do limits the rate, not that quotient. */

interface Options {
  endpoint?: string;
  url?: string;
  passwordFile?: string;
  rate: string;
  clients: string;
  seconds: string;
  option: string[];
  json?: boolean;
}

const program = new Command("bench/client")
  .argument("<workload>", workloads.map(w => w.name).join(", "))
  .description("Operations a second for each core of processor time that the workload's client takes.")
  .option("--endpoint <STACK/NAME>", "endpoint of a stack that is up: lab/sql")
  .option("--url <URL>", "instead: mysql://user@host:port/database, amqp://user@host:port/vhost, http://host:port")
  .option("--password-file <FILE>", "for --url: holds the password")
  .option("--rate <N>", "operations a second asked", "2000")
  .option("--clients <N>", "clients side by side", "32")
  .option("--seconds <N>", "length of the load", "15")
  .option("--option <NAME=VALUE...>", "options of the workload, as in a scenario", [])
  .option("--json", "the figures alone")
  .parse();

const options = program.opts<Options>();
const {target, password} = options.url ? fromUrl(options.url) : await fromStack(options.endpoint ?? "lab/sql");
const plugin =
  findWorkload(program.args[0]!) ??
  program.error(`There is no workload ${program.args[0]}: ${workloads.map(w => w.name).join(", ")}.`);
const filled = fillOptions(plugin.options, Object.fromEntries(options.option.map(pair)));
if (filled.problems.length > 0) program.error(filled.problems.map(p => `${p.path} ${p.message}`).join("\n"));

const order: WorkloadOrder = {
  name: "bench",
  workload: plugin.name,
  clients: Number(options.clients),
  rate: Number(options.rate),
  timeoutMs: plugin.timeoutMs,
  maxMs: Number(options.seconds) * 1000,
  seed: 1,
  run: `bench${process.pid}`,
  target,
  options: filled.options,
};
const {client, exited} = localClient(order, password);
await client.ready();
await client.start();
await sleep(order.maxMs + 500);
await client.stop();
if (plugin.readsBack) await client.read(60_000);
await client.end();
await exited;
if (client.history.trouble) console.error(client.history.trouble);

const {history} = client;
const result = summarise(
  {...order, endpoint: options.endpoint ?? options.url ?? "lab/sql"},
  history,
  plugin.check(history),
);
const seconds = (history.to! - history.from!) / 1000;
const cpuSeconds = result.client!.cpuShare * seconds;
const figures = {
  workload: plugin.name,
  asked: order.rate,
  clients: order.clients,
  perSecond: Math.round(result.acknowledged / seconds),
  perCore: Math.round(result.acknowledged / cpuSeconds),
  client: result.client,
  notSent: result.notSent,
  failed: result.failed,
  unknown: result.unknown,
  latencyMs: result.latencyMs,
  lost: result.lost,
};
console.log(
  options.json
    ? JSON.stringify(figures)
    : Object.entries(figures)
        .map(([k, v]) => `${k.padEnd(10)} ${JSON.stringify(v)}`)
        .join("\n"),
);
process.exit(history.trouble ? 2 : 0);

function pair(text: string): [string, unknown] {
  const [name, ...rest] = text.split("=");
  const value = rest.join("=");
  if (value === "true" || value === "false") return [name!, value === "true"];
  return [name!, /^\d+$/.test(value) ? Number(value) : value];
}

async function fromStack(text: string): Promise<{target: WorkloadOrder["target"]; password?: string}> {
  const [stack, name] = text.split("/");
  const {topology, secrets} = await readTopology(stackReference(stack!));
  const endpoint = endpointNamed(topology, name ?? "");
  if (!endpoint) throw new Error(`${stack} has no endpoint ${name}.`);
  const {address, port, user, database, vhost, servers, protocol, passwordSecret} = endpoint;
  return {
    target: {address, port, user, database, vhost, servers, protocol},
    password: passwordSecret ? secrets[passwordSecret] : undefined,
  };
}

function fromUrl(text: string): {target: WorkloadOrder["target"]; password?: string} {
  const url = new URL(text);
  const protocol = url.protocol.slice(0, -1) as WorkloadOrder["target"]["protocol"];
  const path = decodeURIComponent(url.pathname.slice(1)) || undefined;
  return {
    target: {
      address: url.hostname,
      port: Number(url.port),
      user: url.username || undefined,
      protocol,
      database: protocol === "mysql" ? path : undefined,
      vhost: protocol === "amqp" ? path : undefined,
    },
    password: options.passwordFile ? readFileSync(options.passwordFile, "utf8").trim() : undefined,
  };
}
