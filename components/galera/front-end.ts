import {oneOf, type Problem, show, wholeNumber} from "../../lib/problems.ts";
import {type FrontEnd, ResourceError} from "../component.ts";
import type {GaleraDatabase} from "./args.ts";
import {passwordSecret, ports} from "./names.ts";
import {type GaleraPlan, seeds} from "./plan.ts";

export interface SqlFrontEndArgs {
  /** `single-writer`: all sessions on one member, sticky, no failback: no certification conflicts between clients.
   *  `balanced`: spread over all; clients must repeat transactions that fail with a deadlock. Default
   *  `single-writer`. */
  mode?: "single-writer" | "balanced";
  /** Port on the VIP. Default 3306. */
  port?: number;
  /** Name of front end and endpoint. Default `sql`. */
  name?: string;
  /** Which of the cluster's databases the endpoint names. Default the first. */
  database?: string;
}

/** What a VIP offers for this cluster: servers, the question whether one may serve, and the endpoint. */
export function sqlFrontEnd(
  plan: GaleraPlan,
  {databases, eviction}: {databases: GaleraDatabase[]; eviction: boolean},
  args: SqlFrontEndArgs,
): FrontEnd {
  const {mode = "single-writer", port = ports.sql, name = "sql"} = args;
  const database = args.database === undefined ? databases[0] : databases.find(d => d.name === args.database);
  const problems: Problem[] = [
    ...oneOf("mode", mode, ["single-writer", "balanced"]),
    ...wholeNumber("port", port, 1, 65_535),
  ];
  if (!database && args.database !== undefined) {
    problems.push({
      path: "database",
      message: `is ${show(args.database)}. The cluster has ${databases.map(d => d.name).join(", ") || "none"}.`,
    });
  }
  if (problems.length > 0) throw new ResourceError(`SQL front end of "${plan.cluster}"`, problems);
  // Each member's neighbour speaks for it, because the dead cannot.
  const near = seeds(plan);
  const agentOf = (i: number) => ({address: near[(i + 1) % near.length]!.address, port: ports.agent});
  return {
    name,
    port,
    mode,
    servers: plan.room.map((m, i) => ({
      name: m.name,
      address: m.address,
      port: ports.sql,
      ...(eviction ? {agent: agentOf(i)} : {}),
    })),
    check: {kind: "http", port: ports.answer, path: "/writable"},
    endpoint: {
      of: plan.cluster,
      protocol: "mysql",
      ...(database
        ? {database: database.name, user: database.user, passwordSecret: passwordSecret(plan.cluster, database.user)}
        : {}),
    },
  };
}
