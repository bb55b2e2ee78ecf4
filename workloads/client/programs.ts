import {amqpConfirm} from "../amqp-confirm/client.ts";
import {bank} from "../bank/client.ts";
import {forUpdate} from "../for-update/client.ts";
import {http} from "../http/client.ts";
import {listAppend} from "../list-append/client.ts";
import {memcachedKv} from "../memcached-kv/client.ts";
import {register} from "../register/client.ts";
import {sqlAppend} from "../sql-append/client.ts";
import {tcpProbe} from "../tcp-probe/client.ts";
import type {MakeProgram} from "./contract.ts";

/** What each workload does in the container, by its name in the registry. */
export const programs: Readonly<Record<string, MakeProgram>> = {
  "sql-append": sqlAppend,
  "list-append": listAppend,
  bank,
  "for-update": forUpdate,
  register,
  "amqp-confirm": amqpConfirm,
  "memcached-kv": memcachedKv,
  http,
  "tcp-probe": tcpProbe,
};
