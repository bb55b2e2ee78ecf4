import {amqpConfirm} from "../amqp-confirm/client.ts";
import {memcachedKv} from "../memcached-kv/client.ts";
import {sqlAppend} from "../sql-append/client.ts";
import {tcpProbe} from "../tcp-probe/client.ts";
import type {MakeProgram} from "./contract.ts";

/** What each workload does in the container, by its name in the registry. */
export const programs: Readonly<Record<string, MakeProgram>> = {
  "sql-append": sqlAppend,
  "amqp-confirm": amqpConfirm,
  "memcached-kv": memcachedKv,
  "tcp-probe": tcpProbe,
};
