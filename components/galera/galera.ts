import * as pulumi from "@pulumi/pulumi";
import {healthCommand} from "../../lib/state/galera.ts";
import type {TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import {accept, Component, type FrontEnd, inTurn} from "../component.ts";
import type {FilledGaleraArgs, GaleraClusterArgs} from "./args.ts";
import {checkGalera} from "./check.ts";
import {fillGalera} from "./fill.ts";
import {type SqlFrontEndArgs, sqlFrontEnd} from "./front-end.ts";
import {arbitratorMember, bootstrapJob, dataMember, diskOf, type GaleraPlan, plan} from "./member.ts";
import {answererUser, passwordSecret} from "./names.ts";
import {describe} from "./topology.ts";

/** MariaDB with Galera: every member has all data and may take writes; a commit is acknowledged once all members have it.
 *  @throws ResourceError with every problem of the arguments. */
export class GaleraCluster extends Component {
  readonly topology: pulumi.Output<TopologyComponent>;
  readonly members: Member[];
  private readonly args: FilledGaleraArgs;
  private readonly plan: GaleraPlan;

  constructor(name: string, args: GaleraClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("holdfast:index:GaleraCluster", name, {}, opts);
    this.args = accept("GaleraCluster", name, args, checkGalera, fillGalera);
    this.plan = plan(name, this.args);
    const answererPassword = this.createSecrets(name);
    this.members = this.createMembers(name, answererPassword);
    this.topology = pulumi.output(describe(this.plan, this.args, this.members));
    this.registerOutputs({topology: this.topology});
  }

  /** What a VIP needs to offer this cluster to clients. */
  sqlFrontEnd(args: SqlFrontEndArgs = {}): FrontEnd {
    return sqlFrontEnd(this.plan, this.args.databases, args);
  }

  private createSecrets(name: string): pulumi.Output<string> {
    const {platform, databases} = this.args;
    for (const {user} of databases) {
      const secret = passwordSecret(name, user);
      this.secrets[secret] = platform.secret(secret, {length: 24}, {parent: this});
    }
    return platform.secret(passwordSecret(name, answererUser), {length: 24}, {parent: this});
  }

  private createMembers(name: string, answererPassword: pulumi.Output<string>): Member[] {
    const {platform, databases} = this.args;
    const votes = [...this.plan.members, ...(this.plan.arbitrator ? [this.plan.arbitrator] : [])];
    const guard = platform.guard(
      `${name}-guard`,
      {component: name, members: votes.map(m => m.name), health: healthCommand},
      {parent: this},
    );
    const volumes = this.plan.members.map(m =>
      platform.volume(`${m.name}-data`, {parent: this}, diskOf(this.args.diskMb)),
    );
    const owners = pulumi.all(
      databases.map(d => this.secrets[passwordSecret(name, d.user)]!.apply(password => ({...d, password}))),
    );
    const accounts = pulumi.all([answererPassword, owners]).apply(([answerer, databases]) => ({answerer, databases}));
    const bootstrap = platform.once(`${name}-bootstrap`, bootstrapJob(this.plan, this.args, volumes[0]!, accounts), {
      parent: this,
      dependsOn: [volumes[0]!.resource],
    });
    return inTurn(votes, (vote, after, index) => {
      const volume = volumes[index];
      const spec = volume
        ? dataMember(this.plan, index, this.args, volume, answererPassword)
        : arbitratorMember(this.plan, this.args);
      return platform.member(vote.name, spec, {
        parent: this,
        dependsOn: [guard, ...(index === 0 ? [bootstrap] : after), ...(volume ? [volume.resource] : [])],
      });
    });
  }
}
