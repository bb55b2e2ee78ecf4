import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {recipeOf} from "../../../platforms/docker/images.ts";
import {poolSize, sleeper} from "../sleeper.ts";

const config = new pulumi.Config();
const members = config.requireNumber("members");
const stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
const prefix = pulumi.getStack();
const zones = ["a", "b", "c"];
const {tag, context, dockerfile, buildArgs} = recipeOf(sleeper.image);

const [first = 0, second = 0, third = 0] = config
  .require("subnet")
  .split(".")
  .map(part => Number.parseInt(part, 10));
for (const [i, name] of ["front", "back", "mgmt"].entries()) {
  const net = `${first}.${second}.${third + i}`;
  new docker.Network(name, {
    name: `${prefix}-${name}`,
    internal: true,
    ipamConfigs: [{subnet: `${net}.0/24`, ipRange: `${net}.128/25`}],
    labels: [{label: "io.holdfast.stack", value: stack}],
  });
}

const image = new docker.RemoteImage("image-base", {
  name: tag,
  keepLocally: true,
  build: {context, dockerfile, buildArgs},
});

for (let i = 0; i < members; i++) {
  const pool = `pool-${Math.floor(i / poolSize)}`;
  const name = `${pool}-${i % poolSize}`;
  new docker.Container(
    name,
    {
      name: `${prefix}-${name}`,
      image: image.imageId,
      command: sleeper.command,
      envs: [],
      user: `${sleeper.user}:0`,
      readOnly: true,
      capabilities: {drops: ["ALL"]},
      securityOpts: ["no-new-privileges:true"],
      init: true,
      tmpfs: {},
      volumes: [],
      uploads: [],
      memory: sleeper.memory,
      memorySwap: sleeper.memory,
      stopSignal: "SIGTERM",
      stopTimeout: 10,
      destroyGraceSeconds: 10,
      logDriver: "json-file",
      logOpts: {"max-size": "10m", "max-file": "3"},
      labels: Object.entries({
        "io.holdfast.stack": stack,
        "io.holdfast.component": pool,
        "io.holdfast.member": name,
        "io.holdfast.zone": zones[(i % poolSize) % zones.length]!,
        "io.holdfast.role": "main",
      }).map(([label, value]) => ({label, value})),
      restart: "unless-stopped",
      mustRun: false,
      hostname: name,
      networksAdvanced: [],
      hosts: [],
      healthcheck: {
        tests: ["CMD", ...sleeper.health.command],
        interval: `${sleeper.health.interval}ms`,
        timeout: `${sleeper.health.timeout}ms`,
        retries: sleeper.health.retries,
        startPeriod: `${sleeper.health.startLimit}ms`,
      },
      wait: true,
      waitTimeout: sleeper.health.startLimit / 1000,
    },
    {deleteBeforeReplace: true},
  );
}
