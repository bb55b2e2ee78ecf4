import test from "ava";
import type {TopologyComponent} from "../lib/topology.ts";
import {FakePlatform, mockPulumi, resolved} from "../test/fake-platform.ts";
import {GaleraCluster} from "./galera/galera.ts";
import {RabbitMqCluster} from "./rabbitmq/rabbitmq.ts";
import {VirtualIp} from "./virtualip/virtualip.ts";

/** Budgets are computed from the settings in the topology. Here what the daemons are told is read back from the
 *  rendered files, so that the two cannot drift apart. */

mockPulumi();

type Settings = TopologyComponent["settings"];
const found = (text: string, pattern: RegExp): string => {
  const match = pattern.exec(text);
  if (!match) throw new Error(`${pattern} is not in\n${text}`);
  return match[1]!;
};
const number = (text: string, pattern: RegExp) => Number(found(text, pattern));
const seconds = (text: string, pattern: RegExp) => Math.round(number(text, pattern) * 1000);

function galeraSays(cnf: string, answerer: string): Settings {
  const period = (name: string) => seconds(cnf, new RegExp(`evs\\.${name}=PT([0-9.]+)S`));
  const {everyMs, freshMs} = JSON.parse(answerer);
  return {
    keepaliveMs: period("keepalive_period"),
    inactiveCheckMs: period("inactive_check_period"),
    suspectMs: period("suspect_timeout"),
    inactiveMs: period("inactive_timeout"),
    installMs: period("install_timeout"),
    joinRetransMs: period("join_retrans_period"),
    answerEveryMs: everyMs,
    answerFreshMs: freshMs,
  };
}

function rabbitmqSays(conf: string, definitions: string): Settings {
  return {
    netTicktimeMs: seconds(conf, /net_ticktime = (\d+)/),
    partitionHandling: found(conf, /cluster_partition_handling = (\w+)/),
    mirrorSync: JSON.parse(definitions).policies[0].definition["ha-sync-mode"],
  };
}

function haproxySays(cfg: string, frontEnds: string[]): Settings {
  const ends = frontEnds.map(name => {
    const part = `${cfg.split("\n\n").find(p => p.startsWith(`listen ${name}\n`))}\n`;
    const single = part.includes("stick on int(1)");
    return [
      [`${name}.mode`, single ? "single-writer" : part.includes("mode http") ? "http" : "balanced"],
      [`${name}.intervalMs`, number(part, / inter (\d+)ms/)],
      [`${name}.fastIntervalMs`, number(part, / fastinter (\d+)ms/)],
      [`${name}.fall`, number(part, / fall (\d+)/)],
      [`${name}.rise`, number(part, / rise (\d+)/)],
      [`${name}.shutSessions`, part.includes(" on-marked-down shutdown-sessions")],
      [`${name}.asks`, /http-check send|tcp-check send-binary/.test(part)],
    ];
  });
  return {
    connectTimeoutMs: number(cfg, /timeout connect (\d+)ms/),
    checkTimeoutMs: number(cfg, /timeout check (\d+)ms/),
    idleTimeoutMs: number(cfg, /timeout server (\d+)ms/),
    ...Object.fromEntries(ends.flat()),
  };
}

function keepalivedSays(confs: string[], watch: string): Settings {
  return {
    advertIntervalMs: seconds(confs[0]!, /advert_int ([0-9.]+)/),
    lowestPriority: Math.min(...confs.map(conf => number(conf, /priority (\d+)/))),
    watchIntervalMs: seconds(watch, /^interval=([0-9.]+)/m),
    watchTimeoutMs: seconds(watch, /^timeout=([0-9.]+)/m),
    watchFall: number(watch, /^fall=(\d+)/m),
    takeoverMs: seconds(watch, /^takeover=([0-9.]+)/m),
  };
}

const stacks: [what: string, args: {galera?: object; rabbitmq?: object; vip?: object}][] = [
  ["defaults", {}],
  [
    "others",
    {
      galera: {
        detection: {
          keepaliveMs: 300,
          inactiveCheckMs: 400,
          suspectMs: 1300,
          inactiveMs: 4100,
          installMs: 3300,
          joinRetransMs: 350,
        },
        answerFreshMs: 700,
      },
      rabbitmq: {netTicktimeSeconds: 8, partitionHandling: "autoheal", acceptLoss: true},
      vip: {
        members: 3,
        advertIntervalMs: 120,
        watch: {intervalMs: 230, timeoutMs: 410, fall: 3},
        serverCheck: {intervalMs: 900, fastIntervalMs: 70, timeoutMs: 800, fall: 4, rise: 3, shutSessions: false},
        connectTimeoutMs: 1500,
        idleTimeoutMs: 90_000,
      },
    },
  ],
];
for (const [what, args] of stacks) {
  test.serial(`the topology says what the daemons are told: ${what}`, async t => {
    const platform = new FakePlatform();
    const galera = new GaleraCluster("galera", {platform, databases: [{name: "app", user: "app"}], ...args.galera});
    const rabbitmq = new RabbitMqCluster("rabbitmq", {platform, replication: "mirrored", ...args.rabbitmq});
    const frontEnds = [
      galera.sqlFrontEnd(),
      galera.sqlFrontEnd({mode: "balanced", name: "any", port: 3316}),
      rabbitmq.amqpFrontEnd(),
    ];
    const vip = new VirtualIp("vip", {platform, frontEnds, ...args.vip});
    const [db, mq, ip] = await Promise.all([galera, rabbitmq, vip].map(c => resolved(c.topology)));

    const member = platform.members["galera-1"]!;
    t.like(
      db!.settings,
      galeraSays(
        await platform.file(member, "galera.cnf"),
        await platform.file(member.companions![0], "answerer.json"),
      ),
    );
    const broker = platform.members["rabbitmq-1"]!;
    t.like(
      mq!.settings,
      rabbitmqSays(await platform.file(broker, "rabbitmq.conf"), await platform.file(broker, "definitions.json")),
    );
    const proxies = ip!.members.map(m => platform.members[m.name]!);
    t.like(ip!.settings, haproxySays(await platform.file(proxies[0], "haproxy.cfg"), ["sql", "any", "amqp"]));
    const confs = await Promise.all(proxies.map(p => platform.file(p.companions![0], "keepalived.conf")));
    t.like(ip!.settings, keepalivedSays(confs, await platform.file(proxies[0]!.companions![0], "vrrp.settings")));
  });
}

test.serial("the loop beside HAProxy takes one refusal for certain, as the topology says", async t => {
  const platform = new FakePlatform();
  const galera = new GaleraCluster("db", {platform, databases: [{name: "app", user: "app"}]});
  const vip = new VirtualIp("front", {platform, frontEnds: [galera.sqlFrontEnd()]});
  const {readFileSync} = await import("node:fs");
  const loop = readFileSync(new URL("../templates/keepalived/holdfast-vrrp", import.meta.url), "utf8");
  t.is((await resolved(vip.topology)).settings.watchRefusals, 1);
  t.regex(loop, /^ {4}1\) silent=\$fall /m);
});
