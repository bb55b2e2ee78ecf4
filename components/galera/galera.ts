import * as pulumi from "@pulumi/pulumi";
import type {TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import {accept, Component, type FrontEnd, inTurn} from "../component.ts";
import {diskOf} from "../disk.ts";
import type {FilledGaleraArgs, GaleraClusterArgs} from "./args.ts";
import {checkGalera} from "./check.ts";
import type {OwnSecrets} from "./companions.ts";
import {fillGalera} from "./fill.ts";
import {type SqlFrontEndArgs, sqlFrontEnd} from "./front-end.ts";
import {arbitratorMember, bootstrapJob, dataMember, mysqlUid} from "./member.ts";
import {answererUser, passwordSecret, watcherKey, watcherUser} from "./names.ts";
import {type GaleraPlan, plan, votes} from "./plan.ts";
import {healthCommand} from "./state.ts";
import {describe} from "./topology.ts";

/** MariaDB with Galera: every member has all data and may take writes; a commit is acknowledged once all members have
 *  it.
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
    const secrets = this.createSecrets(name);
    this.members = this.createMembers(name, secrets);
    this.topology = pulumi.output(describe(this.plan, this.args, this.members));
    this.registerOutputs({topology: this.topology});
  }

  /** What a VIP needs to offer this cluster to clients. */
  sqlFrontEnd(args: SqlFrontEndArgs = {}): FrontEnd {
    return sqlFrontEnd(this.plan, this.args, args);
  }

  private createSecrets(name: string): OwnSecrets {
    const {platform, databases} = this.args;
    const make = (secret: string, length = 24) => platform.secret(secret, {length}, {parent: this});
    for (const {user} of databases) {
      const secret = passwordSecret(name, user);
      this.secrets[secret] = make(secret);
    }
    const answerer = make(passwordSecret(name, answererUser));
    return {answerer, watcher: {password: make(passwordSecret(name, watcherUser)), key: make(watcherKey(name), 32)}};
  }

  private createMembers(name: string, secrets: OwnSecrets): Member[] {
    const {platform, databases} = this.args;
    const voters = votes(this.plan);
    const guard = platform.guard(
      `${name}-guard`,
      {component: name, members: voters.map(m => m.name), health: healthCommand},
      {parent: this},
    );
    const volumes = this.plan.members.map(m =>
      platform.volume(`${m.name}-data`, {parent: this}, diskOf(this.args, mysqlUid)),
    );
    const owners = pulumi.all(
      databases.map(d => this.secrets[passwordSecret(name, d.user)]!.apply(password => ({...d, password}))),
    );
    const own = pulumi.output({answerer: secrets.answerer, watcher: secrets.watcher.password});
    const accounts = pulumi.all([own, owners]).apply(([own, databases]) => ({own, databases}));
    const bootstrap = platform.once(`${name}-bootstrap`, bootstrapJob(this.plan, this.args, volumes, accounts), {
      parent: this,
      dependsOn: [volumes[0]!.resource],
    });
    return inTurn(voters, (vote, after, index) => {
      const volume = volumes[index];
      const spec = volume
        ? dataMember(this.plan, index, this.args, volume, secrets)
        : arbitratorMember(this.plan, this.args, secrets);
      return platform.member(vote.name, spec, {
        parent: this,
        dependsOn: [guard, ...(index === 0 ? [bootstrap] : after), ...(volume ? [volume.resource] : [])],
      });
    });
  }
}
