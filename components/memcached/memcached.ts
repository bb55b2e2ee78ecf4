import * as pulumi from "@pulumi/pulumi";
import type {Endpoint, TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import {accept, Component, inTurn} from "../component.ts";
import type {FilledMemcached, MemcachedArgs} from "./args.ts";
import {checkMemcached, fillMemcached} from "./check.ts";
import {memberSpec, memcachedPort} from "./spec.ts";
import {healthCommand} from "./state.ts";

/** Memcached daemons that know nothing of each other, for clients that hash keys over the list and leave out what does
 *  not answer. Not a store: what a member held is gone with it.
 *  @throws ResourceError when an argument is not allowed;
 *  it names every one. */
export class MemcachedPool extends Component {
  readonly topology: pulumi.Output<TopologyComponent>;
  readonly members: readonly Member[];
  /** Every `host:port`, in the order that clients must all use. */
  readonly servers: readonly string[];
  readonly #name: string;
  readonly #args: FilledMemcached;

  constructor(name: string, args: MemcachedArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = accept("MemcachedPool", name, args, checkMemcached, fillMemcached);
    super("holdfast:index:MemcachedPool", name, {}, opts);
    this.#name = name;
    this.#args = filled;
    this.members = this.#make();
    this.servers = this.members.map(m => `${m.addresses.front}:${memcachedPort}`);
    this.topology = pulumi.output(this.#describe());
    this.registerOutputs({topology: this.topology});
  }

  #make(): Member[] {
    const {platform, members: size} = this.#args;
    const specs = Array.from({length: size}, (_, i) => memberSpec(this.#name, i, this.#args));
    const names = specs.map((_, i) => `${this.#name}-${i}`);
    const guard = platform.guard(
      `${this.#name}-guard`,
      {component: this.#name, members: names, health: healthCommand},
      {parent: this},
    );
    return inTurn(specs, (spec, after, i) =>
      platform.member(names[i]!, spec, {parent: this, dependsOn: [guard, ...after]}),
    );
  }

  #describe(): TopologyComponent {
    const {memory, maxConnections} = this.#args;
    return {
      name: this.#name,
      kind: "memcached",
      settings: {memoryMb: memory, maxConnections},
      members: this.members.map(({name, zone, addresses, handle, health}) => ({name, zone, addresses, handle, health})),
      endpoints: [this.#endpoint()],
    };
  }

  #endpoint(): Endpoint {
    return {
      name: this.#name,
      of: this.#name,
      protocol: "memcached",
      network: "front",
      address: this.members[0]!.addresses.front!,
      port: memcachedPort,
      servers: [...this.servers],
    };
  }
}
