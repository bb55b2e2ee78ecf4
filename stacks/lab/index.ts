import "../plainStacks.ts";
import * as pulumi from "@pulumi/pulumi";
import {GaleraCluster} from "../../components/galera/galera.ts";
import {HttpService} from "../../components/http/http.ts";
import {MemcachedPool} from "../../components/memcached/memcached.ts";
import {publish} from "../../components/publish.ts";
import {RabbitMqCluster} from "../../components/rabbitmq/rabbitmq.ts";
import {VirtualIp} from "../../components/virtualip/virtualip.ts";
import {DockerPlatform} from "../../platforms/docker/platform.ts";
import {preflight} from "../../platforms/docker/preflight.ts";
import {labConfig} from "./config.ts";

const config = labConfig();
await preflight(`${pulumi.getProject()}/${pulumi.getStack()}`, config.subnet, {
  loopDisks: config.disk === "loop",
});
const platform = new DockerPlatform("lab", {
  zones: config.zones,
  subnet: config.subnet,
  engineSocket: config.engineSocket,
});

const galera = new GaleraCluster("galera", {
  ...config.galera,
  platform,
  members: config.galeraMembers,
  databases: [{name: "app", user: "app"}],
  diskMb: config.diskMb,
  disk: config.disk,
  clock: config.clock,
});
const rabbitmq = new RabbitMqCluster("rabbitmq", {
  ...config.rabbitmq,
  platform,
  members: config.rabbitmqMembers,
  replication: config.rabbitmqReplication,
  diskMb: config.diskMb,
  disk: config.disk,
  clock: config.clock,
});
const memcached = new MemcachedPool("memcached", {...config.memcached, platform, members: config.memcachedMembers});
// The HTTP service came later: the proxies keep the addresses that they had.
platform.reserve("vip");
const web = new HttpService("web", {
  ...config.web,
  platform,
  members: config.webMembers,
  image: "web",
  command: ["node", "/usr/local/lib/holdfast/web.mjs"],
});
const vip = new VirtualIp("vip", {
  ...config.vip,
  platform,
  frontEnds: [
    galera.sqlFrontEnd({mode: config.galeraMode}),
    galera.sqlFrontEnd({mode: "balanced", name: "sql-any", port: 3316}),
    rabbitmq.amqpFrontEnd(),
    web.frontEnd(),
  ],
});

export const {topology, secrets} = publish(platform, [galera, rabbitmq, memcached, web, vip]);
