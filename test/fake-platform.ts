import * as pulumi from "@pulumi/pulumi";
import type {NetworkPurpose} from "../lib/topology.ts";
import type {
  DiskSpec,
  GuardSpec,
  LeaveSpec,
  Member,
  MemberSpec,
  OnceSpec,
  Platform,
  PlatformNetwork,
  Volume,
} from "../platforms/platform.ts";

/** One call of a component to its platform, in the order in which they came. */
export interface Call {
  kind: "volume" | "secret" | "member" | "once" | "guard" | "leave";
  name: string;
  /** Names of the resources that it was told to wait for. */
  after: string[];
  parent: string | undefined;
}

export interface Registered {
  type: string;
  name: string;
}

/** The same with what it was given. */
export interface Made extends Registered {
  inputs: Record<string, unknown>;
}

/** What a test may want otherwise. */
interface Mocked {
  stack?: string;
  idOf?: (name: string) => string;
  /** What a resource has beside its inputs once it is made. */
  computed?: (made: Made) => Record<string, unknown>;
  /** Gets each resource with its inputs. */
  made?: Made[];
}

/** Runs Pulumi without an engine; gives the list of every resource that is registered from now on. Call it once, before
 *  anything else. */
export function mockPulumi({
  stack = "lab",
  idOf = name => name,
  computed = () => ({}),
  made = [],
}: Mocked = {}): Registered[] {
  const registered: Registered[] = [];
  pulumi.runtime.setMocks(
    {
      newResource: ({type, name, inputs}) => {
        registered.push({type, name});
        made.push({type, name, inputs});
        return {id: idOf(name), state: {...inputs, ...computed({type, name, inputs})}};
      },
      call: args => args.inputs,
    },
    "lab",
    stack,
    false,
  );
  return registered;
}

/** The value of an output. */
export const resolved = <T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> =>
  new Promise(resolve => pulumi.output(output).apply(value => resolve(value as pulumi.Unwrap<T>)));

class Thing extends pulumi.ComponentResource {}

/** A platform that makes nothing and remembers what it was asked for. */
export class FakePlatform implements Platform {
  readonly kind = "docker";
  readonly zones: readonly string[];
  readonly calls: Call[] = [];
  readonly members: Record<string, MemberSpec> = {};
  readonly jobs: Record<string, OnceSpec> = {};
  readonly guards: Record<string, GuardSpec> = {};
  readonly leaves: Record<string, LeaveSpec> = {};
  readonly #names = new Map<unknown, string>();
  readonly #blocks: string[] = [];

  constructor(zones: readonly string[] = ["a", "b", "c"]) {
    this.zones = zones;
  }

  network(purpose: NetworkPurpose): PlatformNetwork {
    const third = ["front", "back", "mgmt"].indexOf(purpose);
    const block = (component: string) => {
      if (!this.#blocks.includes(component)) this.#blocks.push(component);
      return this.#blocks.indexOf(component);
    };
    return {
      purpose,
      document: {purpose, name: `lab-${purpose}`, subnet: `198.18.${third}.0/24`},
      address: (component, index) => `198.18.${third}.${16 * (block(component) + 1) + index}`,
    };
  }

  volume(name: string, opts: pulumi.ComponentResourceOptions, disk?: DiskSpec): Volume {
    const made = {name, resource: this.#made("volume", name, opts)};
    return disk ? {...made, disk: {megabytes: disk.megabytes, kind: disk.kind, keeper: `${name}-disk`}} : made;
  }

  secret(name: string, _args: {length?: number}, opts: pulumi.ComponentResourceOptions): pulumi.Output<string> {
    this.#made("secret", name, opts);
    return pulumi.secret(`value-of-${name}`);
  }

  member(name: string, spec: MemberSpec, opts: pulumi.ComponentResourceOptions): Member {
    this.members[name] = spec;
    const companions = Object.fromEntries((spec.companions ?? []).map(c => [c.name, `${name}-${c.name}`]));
    return {
      name,
      zone: spec.zone,
      addresses: spec.addresses,
      handle: {platform: "docker", containers: {main: name, companions}, faults: ["kill"]},
      health: spec.health.command,
      resources: [this.#made("member", name, opts)],
    };
  }

  once(name: string, spec: OnceSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    this.jobs[name] = spec;
    return this.#made("once", name, opts);
  }

  guard(name: string, spec: GuardSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    this.guards[name] = spec;
    return this.#made("guard", name, opts);
  }

  leave(name: string, spec: LeaveSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    this.leaves[name] = spec;
    return this.#made("leave", name, opts);
  }

  /** The rendered content of a file of a member or of one of its companions. */
  file(process: {files?: {name: string; content: pulumi.Input<string>}[]} | undefined, name: string): Promise<string> {
    const file = process?.files?.find(f => f.name === name);
    if (!file) throw new Error(`no file ${name}; there are ${process?.files?.map(f => f.name).join(", ")}`);
    return resolved(file.content);
  }

  #made(kind: Call["kind"], name: string, opts: pulumi.ComponentResourceOptions): pulumi.Resource {
    const resource = new Thing(`fake:index:${kind}`, name, {}, opts);
    this.#names.set(resource, name);
    const after = [opts.dependsOn ?? []].flat() as unknown[];
    const parent = (opts.parent as unknown as {__name?: string} | undefined)?.__name;
    this.calls.push({kind, name, after: after.map(r => this.#names.get(r) ?? "?"), parent});
    return resource;
  }
}

/** Members on loopback addresses of one network namespace: no network of the engine is needed. */
export class Loopback extends FakePlatform {
  override network(purpose: NetworkPurpose): PlatformNetwork {
    return {...super.network(purpose), address: (_: string, index: number) => `127.0.0.${index + 1}`};
  }
}
