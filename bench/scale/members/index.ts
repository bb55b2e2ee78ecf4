import "../../../stacks/plainStacks.ts";
import * as pulumi from "@pulumi/pulumi";
import {inTurn, zoneOf} from "../../../components/component.ts";
import {DockerPlatform} from "../../../platforms/docker/platform.ts";
import type {MemberSpec, Platform} from "../../../platforms/platform.ts";
import {poolSize, sleeper} from "../sleeper.ts";

const config = new pulumi.Config();
const platform = new DockerPlatform("scale", {
  zones: ["a", "b", "c"],
  subnet: config.require("subnet"),
  engineSocket: "none",
});

/** Members that do nothing, one after the other, behind a guard and gates as those of any component. */
class Pool extends pulumi.ComponentResource {
  constructor(name: string, members: number) {
    super("holdfast:bench:Pool", name, {});
    const names = Array.from({length: members}, (_, i) => `${name}-${i}`);
    const health = sleeper.health.command;
    const guard = platform.guard(`${name}-guard`, {component: name, members: names, health}, {parent: this});
    inTurn(names, (member, after, i) =>
      platform.member(member, specOf(platform, name, names, i), {parent: this, dependsOn: [guard, ...after]}),
    );
    this.registerOutputs({});
  }
}

function specOf(platform: Platform, component: string, names: string[], index: number): MemberSpec {
  const peers = names.filter((_, i) => i !== index);
  return {...sleeper, component, zone: zoneOf(platform, index), addresses: {}, peers};
}

const members = config.requireNumber("members");
for (let first = 0; first < members; first += poolSize)
  new Pool(`pool-${first / poolSize}`, Math.min(poolSize, members - first));
