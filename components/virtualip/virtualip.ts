import * as pulumi from "@pulumi/pulumi";
import type {Endpoint, TopologyComponent} from "../../lib/topology.ts";
import {accept, Component, inTurn} from "../component.ts";
import type {FilledVirtualIp, VirtualIpArgs} from "./args.ts";
import {checkVirtualIp} from "./check.ts";
import {fillVirtualIp} from "./fill.ts";
import {settingsOf} from "./settings.ts";
import {memberSpec, plan} from "./spec.ts";
import {healthCommand} from "./state.ts";

/** One address in front of any component: HAProxy on each of two or more members, and Keepalived that moves the address
 *  to a member whose HAProxy answers. */
export class VirtualIp extends Component {
  override readonly topology: pulumi.Output<TopologyComponent>;
  /** The address that clients use. */
  readonly address: string;

  constructor(name: string, args: VirtualIpArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:index:VirtualIp", name, {}, opts);
    const filled = accept("VirtualIp", name, args, checkVirtualIp, fillVirtualIp);
    const {platform} = filled;
    const planned = plan(name, filled);

    const guard = platform.guard(
      `${name}-guard`,
      {component: name, members: planned.members.map(m => m.name), health: healthCommand},
      {parent: this},
    );
    const members = inTurn(planned.members, (self, after) =>
      platform.member(self.name, memberSpec(name, self, planned, filled), {parent: this, dependsOn: [guard, ...after]}),
    );

    this.address = filled.address;
    this.topology = pulumi.output({
      name,
      kind: "virtualip" as const,
      settings: settingsOf(filled),
      members: members.map(({name, zone, addresses, handle, health}) => ({name, zone, addresses, handle, health})),
      endpoints: endpoints(filled),
    });
    this.registerOutputs({topology: this.topology});
  }
}

function endpoints(a: FilledVirtualIp): Endpoint[] {
  return a.frontEnds.map(({name, port, endpoint}) => ({
    ...endpoint,
    name,
    network: "front",
    address: a.address,
    port,
  }));
}
