import * as pulumi from "@pulumi/pulumi";
import type {TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import {accept, Component, type FrontEnd, inTurn} from "../component.ts";
import {diskOf} from "../disk.ts";
import type {FilledRabbitMq, RabbitMqArgs} from "./args.ts";
import {checkRabbitMq} from "./check.ts";
import {definitions, mirrorSync} from "./definitions.ts";
import {fillRabbitMq} from "./fill.ts";
import {amqpPort, firstSpec, memberSpec, type Planned, plan, uid} from "./spec.ts";
import {forgetCommand, healthCommand, leaveCommand} from "./state.ts";

/** A cluster of RabbitMQ brokers that serves as long as a majority of its members does.
 *  @throws ResourceError when an argument is not allowed; it names every one. */
export class RabbitMqCluster extends Component {
  readonly topology: pulumi.Output<TopologyComponent>;
  readonly members: readonly Member[];
  readonly #name: string;
  readonly #args: FilledRabbitMq;
  readonly #plan: Planned[];
  /** Every member that there may be, those that are there first. */
  readonly #room: Planned[];

  constructor(name: string, args: RabbitMqArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = accept("RabbitMqCluster", name, args, checkRabbitMq, fillRabbitMq);
    super("holdfast:index:RabbitMqCluster", name, {}, opts);
    this.#name = name;
    this.#args = filled;
    this.#room = plan(name, filled, filled.room);
    this.#plan = this.#room.slice(0, filled.members);
    this.members = this.#make(this.#passwords());
    this.topology = pulumi.output(this.#describe());
    this.registerOutputs({topology: this.topology});
  }

  /** What a virtual IP offers for this cluster: AMQP, spread over all members. The check waits for the broker's
   *  greeting: a paused member's kernel would still accept a connection. */
  amqpFrontEnd({name = "amqp", port = amqpPort}: {name?: string; port?: number} = {}): FrontEnd {
    const user = this.#args.users[0]!.name;
    return {
      name,
      port,
      mode: "balanced",
      servers: this.#room.map(m => ({name: m.name, address: m.address, port: amqpPort})),
      check: {kind: "tcp", send: "414d515000000901", expect: "01"},
      endpoint: {
        of: this.#name,
        protocol: "amqp",
        vhost: this.#args.vhost,
        user,
        passwordSecret: this.#secretOf(user),
      },
    };
  }

  /** A generated password for each user, offered to the stack's secret output. */
  #passwords(): pulumi.Output<Record<string, string>> {
    const passwords: Record<string, pulumi.Output<string>> = {};
    for (const {name: user} of this.#args.users) {
      const secret = this.#secretOf(user);
      this.secrets[secret] = passwords[user] = this.#args.platform.secret(secret, {}, {parent: this});
    }
    return pulumi.all(passwords);
  }

  #make(passwords: pulumi.Output<Record<string, string>>): Member[] {
    const {platform} = this.#args;
    const [name, args, members, parent] = [this.#name, this.#args, this.#plan, this];
    const cookie = platform.secret(`${name}-cookie`, {}, {parent});
    const volumes = members.map(m => platform.volume(m.name, {parent}, diskOf(args, uid)));
    const first = platform.once(`${name}-first`, firstSpec(name, members, args, volumes), {
      parent,
      dependsOn: volumes[0]!.resource,
    });
    const guard = platform.guard(
      `${name}-guard`,
      {component: name, members: members.map(m => m.name), health: healthCommand},
      {parent},
    );
    const given = {cookie, definitions: passwords.apply(p => definitions(args, p))};
    const made = inTurn(members, (self, after, index) => {
      const volume = volumes[index]!;
      const spec = memberSpec(name, self, members, this.#room, args, {...given, volume});
      return platform.member(self.name, spec, {
        parent,
        dependsOn: [volume.resource, guard, ...(index === 0 ? [first] : after)],
      });
    });
    // One after the other, the last first: brokers that leave at the same time wait for each other.
    made.reduce<pulumi.Resource[]>((before, member) => [this.#leaveLater(member, before)], []);
    return made;
  }

  /** A member that is removed for good leaves the cluster first; else the others would count it for ever. */
  #leaveLater({name: member, resources}: Member, before: pulumi.Resource[]): pulumi.Resource {
    const others = this.#room.map(m => m.name).filter(name => name !== member);
    const spec = {member, others, command: leaveCommand, forget: forgetCommand(member)};
    return this.#args.platform.leave(`${member}-leave`, spec, {parent: this, dependsOn: [...resources, ...before]});
  }

  #describe(): TopologyComponent {
    const {replication, partitionHandling, netTicktimeSeconds, version, vhost, copies} = this.#args;
    return {
      name: this.#name,
      kind: "rabbitmq",
      settings: {
        version,
        replication,
        ...(replication === "mirrored" ? {copies, mirrorSync} : {}),
        partitionHandling,
        netTicktimeMs: netTicktimeSeconds * 1000,
        vhost,
      },
      members: this.members.map(({name, zone, addresses, handle, health}) => ({name, zone, addresses, handle, health})),
      endpoints: [],
    };
  }

  #secretOf(user: string): string {
    return `${this.#name}-${user}`;
  }
}
