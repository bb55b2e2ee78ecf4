import type {Placed, Topology} from "../../lib/topology.ts";
import {membersOf} from "../../runner/members.ts";
import type {Target} from "../../runner/targets/target.ts";
import {docker} from "../../setup/engine.ts";
import {type Counters, downsOf, type Logs, viewsOf} from "./counters.ts";

const limitMs = 20_000;
const views = [
  ...["mariadb", "--no-defaults", "--socket=/run/mysqld/mysqld.sock", "--connect-timeout=2", "-N", "-B"],
  ...["-e", "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_conf_id'"],
];
const downs = ["sh", "-c", "echo 'show stat' | socat -t 5 - UNIX-CONNECT:/run/haproxy/admin.sock"];

/** Counts of every member now. Errors: one cannot be asked. */
export async function countersOf(topology: Topology, target: Target): Promise<Counters> {
  const counters: Counters = {galeraViews: {}, serversDown: {}, incarnations: {}};
  for (const {component, member} of membersOf(topology)) {
    if (component.kind === "galera") {
      const {stdout, stderr} = await target.exec(member, views, limitMs);
      const found = viewsOf(stdout);
      if (found === undefined)
        throw new Error(`${member.name} does not say how many views it has seen: ${stderr || stdout}`);
      counters.galeraViews[member.name] = found;
    }
    if (component.kind === "virtualip") {
      const {stdout} = await target.exec(member, downs, limitMs);
      for (const [server, count] of Object.entries(downsOf(stdout)))
        counters.serversDown[`${member.name} ${server}`] = count;
    }
    for (const {process, incarnation} of await target.look(member))
      counters.incarnations[`${member.name} ${process}`] = incarnation;
  }
  return counters;
}

/** What was written since, Unix milliseconds. */
export async function logsSince(topology: Topology, since: number): Promise<Logs> {
  const of = async (wanted: (placed: Placed) => string | undefined) =>
    (
      await Promise.all(
        membersOf(topology)
          .flatMap(placed => wanted(placed) ?? [])
          .map(name => logOf(name, since)),
      )
    ).join("\n");
  return {
    keepalived: await of(({member}) => member.handle.containers?.companions.keepalived),
    rabbitmq: await of(({component, member}) =>
      component.kind === "rabbitmq" ? member.handle.containers?.main : undefined,
    ),
  };
}

async function logOf(container: string, since: number): Promise<string> {
  const log = await docker()
    .getContainer(container)
    .logs({stdout: true, stderr: true, follow: false, since: since / 1000});
  // Lines begin with a few bytes that say which stream they are of; what is looked for stands behind them.
  return log.toString("utf8");
}
