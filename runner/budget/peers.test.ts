import test from "ava";
import {writesGoOn} from "../../components/galera/budget.ts";
import {memberMissed} from "../../components/rabbitmq/budget.ts";
import {addressMoves, serverOut} from "../../components/virtualip/budget.ts";
import {leastOf, sumOf, type Term} from "../../lib/budget/terms.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** What others publish as their settings, and what is known to follow from them: the equations must say the same. */

const component = (settings: TopologyComponent["settings"]): TopologyComponent => ({
  name: "theirs",
  kind: "virtualip",
  settings,
  members: [],
  endpoints: [],
});

/** One question that HAProxy did not answer is not enough there: its script must fail `fall` times, refused or not. */
const keepalived = (advertIntervalMs: number, everyMs: number, fall: number) =>
  component({
    advertIntervalMs,
    lowestPriority: 1,
    watchIntervalMs: everyMs,
    watchTimeoutMs: everyMs,
    watchFall: fall,
    watchRefusals: fall,
  });
const haproxy = (intervalMs: number, fall: number, connectTimeoutMs: number, checkTimeoutMs: number) =>
  component({
    connectTimeoutMs,
    checkTimeoutMs,
    "api.intervalMs": intervalMs,
    "api.fastIntervalMs": intervalMs,
    "api.fall": fall,
    "api.asks": true,
  });

const kolla = {vip: keepalived(1000, 2000, 2), api: haproxy(2000, 5, 10_000, 10_000)};
const openstackAnsible = haproxy(12_000, 3, 10_000, 10_000);
const builtIn = component({suspectMs: 5000, inactiveCheckMs: 500, joinRetransMs: 1000});

const rows: [what: string, terms: Term[], least: number | undefined, most: number][] = [
  ["kolla-ansible: host of the VIP lost", addressMoves(kolla.vip, {kind: "host lost"}), undefined, 4],
  ["kolla-ansible: HAProxy's process", addressMoves(kolla.vip, {kind: "process killed"}), 3, 5],
  ["kolla-ansible: API member refuses", serverOut(kolla.api, "api", "process killed"), 8, 10],
  ["kolla-ansible: API member is a black hole", serverOut(kolla.api, "api", "host lost"), undefined, 20],
  ["openstack-ansible: API member refuses", serverOut(openstackAnsible, "api", "process killed"), 24, 36],
  ["RabbitMQ, net_ticktime 60: silent", memberMissed(component({netTicktimeMs: 60_000}), "member silent"), 45, 75],
  ["RabbitMQ: its process", memberMissed(component({netTicktimeMs: 60_000}), "process killed"), 0, 0],
  // Measured: 6.2 s without a write.
  ["Galera's own timings: member killed", writesGoOn(builtIn, "member killed"), 5, 7.5],
];
const seconds = (ms: number) => Math.round(ms / 100) / 10;
for (const [what, terms, least, most] of rows) {
  test(what, t => {
    t.is(seconds(sumOf(terms)), most);
    if (least !== undefined) t.is(seconds(leastOf(terms)), least);
  });
}
