import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import {pluginVersion as version} from "../plugin.ts";

function withVersion(opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions {
  return {version, ...opts};
}

/** A random password, made once and kept encrypted in the state. */
export class Secret extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, args: {length?: number}, opts: pulumi.CustomResourceOptions) {
    super(
      "holdfast:index:Secret",
      name,
      {...args, value: undefined},
      withVersion({...opts, additionalSecretOutputs: ["value"]}),
    );
  }
}

/** A one-shot container: run to its end when it is created, and recorded in the state. */
export class Job extends pulumi.CustomResource {
  constructor(name: string, args: Record<string, unknown>, opts: pulumi.CustomResourceOptions) {
    super("holdfast:docker:Job", name, args, withVersion(opts));
  }
}

export interface GateArgs {
  /** Who is about to change. */
  subject: string;
  /** Its own container: while that is gone, making it again takes nothing away, and nobody is asked. */
  container?: string;
  /** When this changes, the others are asked. */
  fingerprint: pulumi.Input<string>;
  ask: {member: string; container: string; command: string[]}[];
}

/** Fails an update while any of the members that it asks is not healthy. What it guards depends on it. */
export class Gate extends pulumi.CustomResource {
  constructor(name: string, args: GateArgs, opts: pulumi.CustomResourceOptions) {
    super("holdfast:docker:Gate", name, {...args}, withVersion(opts));
  }
}

/** A container that may use devices which are not there yet when it is made (`deviceCgroupRules`). All else is as for
 *  docker's own. */
export class Keeper extends pulumi.CustomResource {
  constructor(
    name: string,
    args: docker.ContainerArgs & {deviceCgroupRules: string[]},
    opts: pulumi.CustomResourceOptions,
  ) {
    super("holdfast:docker:Keeper", name, {...args}, withVersion(opts));
  }
}

export interface LeaveArgs {
  member: string;
  container: string;
  command: string[];
  others: string[];
  forget: string[];
}

/** Takes its member out of the cluster when it is deleted, which is before the member is. */
export class Leave extends pulumi.CustomResource {
  constructor(name: string, args: LeaveArgs, opts: pulumi.CustomResourceOptions) {
    super("holdfast:docker:Leave", name, {...args}, withVersion(opts));
  }
}
