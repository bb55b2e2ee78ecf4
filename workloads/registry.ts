import type {Endpoint} from "../lib/topology.ts";
import {amqpConfirm} from "./amqp-confirm/plugin.ts";
import {bank} from "./bank/plugin.ts";
import {forUpdate} from "./for-update/plugin.ts";
import {http} from "./http/plugin.ts";
import {listAppend} from "./list-append/plugin.ts";
import {memcachedKv} from "./memcached-kv/plugin.ts";
import type {WorkloadPlugin} from "./plugin.ts";
import {register} from "./register/plugin.ts";
import {sqlAppend} from "./sql-append/plugin.ts";
import {tcpProbe} from "./tcp-probe/plugin.ts";

/** Every workload there is. A new one is a folder with `plugin.ts` and `client.ts`, a line here and a line in
 *  `client/programs.ts`. */
export const workloads: readonly WorkloadPlugin[] = [
  sqlAppend,
  listAppend,
  bank,
  forUpdate,
  register,
  amqpConfirm,
  memcachedKv,
  http,
  tcpProbe,
];

/** The workload of that name, or undefined. */
export function findWorkload(name: string): WorkloadPlugin | undefined {
  return workloads.find(w => w.name === name);
}

/** Whether a workload can use an endpoint. */
export function suits(workload: WorkloadPlugin, endpoint: Endpoint): boolean {
  return workload.protocols === "any" || workload.protocols.includes(endpoint.protocol);
}
