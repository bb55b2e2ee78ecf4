import type * as pulumi from "@pulumi/pulumi";
import type {DiskKind, MemberHandle, NetworkPurpose, PlatformKind, TopologyNetwork} from "../lib/topology.ts";

/** What realises members: docker in the lab, Kubernetes or AWS. Components see this contract alone. */
export interface Platform {
  readonly kind: PlatformKind;
  /** Failure domains that members are spread over. */
  readonly zones: readonly string[];
  /** The networks of the stack, each with the addresses that may be given out on it. */
  network(purpose: NetworkPurpose): PlatformNetwork;
  /** Storage that outlives the process. Made before members, so that a one-shot can fill it. With `disk` it has a size
   *  of its own, which it can fill up; what keeps it is the platform's choice, and may be memory. */
  volume(name: string, opts: pulumi.ComponentResourceOptions, disk?: DiskSpec): Volume;
  /** A random password, kept encrypted in the state. */
  secret(name: string, args: {length?: number}, opts: pulumi.ComponentResourceOptions): pulumi.Output<string>;
  /** One replica. Made when its health check succeeds; replaced only after its peers were asked for their health. */
  member(name: string, spec: MemberSpec, opts: pulumi.ComponentResourceOptions): Member;
  /** A one-shot whose result is recorded outside members: it never runs again unless its `triggers` change. */
  once(name: string, spec: OnceSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource;
  /** Asks every member before the list of members changes (scale-in). Members depend on it. */
  guard(name: string, spec: GuardSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource;
  /** Takes a member out of its cluster before the member is removed for good (scale-in); not when it is replaced. It
   *  depends on the member. */
  leave(name: string, spec: LeaveSpec, opts: pulumi.ComponentResourceOptions): pulumi.Resource;
}

export interface PlatformNetwork {
  purpose: NetworkPurpose;
  document: TopologyNetwork;
  /** The fixed address of member `index` of a component. Each component has a block of 16, in the order in which
   *  components first ask, so that scaling one never moves another. */
  address(component: string, index: number): string;
}

export interface Volume {
  /** The platform's name of it. */
  name: string;
  resource: pulumi.Resource;
  /** Its own size in MiB, and the platform's name of what keeps it; absent where it has none. */
  disk?: {megabytes: number; kind: DiskKind; keeper: string};
}

export interface DiskSpec {
  megabytes: number;
  /** Number of the user that owns it. */
  uid: number;
  /** `loop`: a file system of its own, which loses what was not synced when its power is cut. */
  kind: DiskKind;
}

/** A file in `/holdfast/` of a container: readable for its group 0 alone (0440). Subfolders are not possible. */
export interface FileSpec {
  /** Name below `/holdfast/`. */
  name: string;
  content: pulumi.Input<string>;
  /** A program. Default false. */
  executable?: boolean;
}

/** One process with its own root, user and capabilities. Root file systems are read-only. */
export interface ProcessSpec {
  /** Image recipe: the folder under `templates/`. */
  image: string;
  command: string[];
  /** Plain settings, never secrets. */
  env?: Record<string, string>;
  /** User name or number in the image; its group is 0, so that it can read its files. */
  user: string;
  files?: FileSpec[];
  /** Paths of small writable tmpfs directories, with their size in MiB; owned by the user where `uid` is given. */
  scratch?: {path: string; megabytes: number; uid?: number; gid?: number; mode?: string}[];
  volumes?: {path: string; volume: Volume; readOnly?: boolean}[];
  /** Default none: every capability is dropped. */
  capabilities?: ("NET_ADMIN" | "NET_RAW")[];
  /** Memory limit in MiB, without its volumes. */
  memory: number;
  /** Its share of the processor when that is short, beside 1024 for everyone else. For what must answer in time and
   *  needs little. */
  cpuShares?: number;
  /** Default SIGTERM. */
  stopSignal?: string;
  /** Time to stop in good order before it is killed, in seconds. Default 10. */
  stopGrace?: number;
  /** Run a tiny init as process 1 that reaps orphans. Default true. */
  init?: boolean;
  ulimits?: {name: string; soft: number; hard: number}[];
}

export interface HealthSpec {
  /** Exit code 0: healthy in its cluster. */
  command: string[];
  /** Milliseconds. */
  interval: number;
  /** Milliseconds. */
  timeout: number;
  /** Failures in a row until it counts as unhealthy. */
  retries: number;
  /** How long a start may take until it is healthy, in milliseconds; then `up` fails. */
  startLimit: number;
}

export interface MemberSpec extends ProcessSpec {
  component: string;
  zone: string;
  /** Fixed address on each network that it is on. */
  addresses: Partial<Record<NetworkPurpose, string>>;
  /** Host name inside the member. Default its name. */
  hostname?: string;
  /** A clock of its own, which faults may set; the image must have libfaketime. Default: the machine's. */
  clock?: "settable" | "machine";
  /** Extra names that resolve inside it: name to address. */
  hosts?: Record<string, string>;
  /** Network settings of the kernel: `net.ipv4.ip_nonlocal_bind`. */
  sysctls?: Record<string, string>;
  health: HealthSpec;
  /** Programs that share the member's network: a health answerer, Keepalived, a watcher. A member that may have some
   *  and has none at the moment has an empty list: its network stays the same when they come and go. */
  companions?: (ProcessSpec & {name: string})[];
  /** Names of the other members of the cluster: all must be healthy before this one is replaced. */
  peers: string[];
}

export interface Member {
  name: string;
  zone: string;
  addresses: Partial<Record<NetworkPurpose, string>>;
  handle: MemberHandle;
  health: string[];
  /** What to wait for: the member is healthy once these exist. */
  resources: pulumi.Resource[];
}

export interface OnceSpec extends ProcessSpec {
  component: string;
  networks: NetworkPurpose[];
  /** Extra names that resolve inside it: name to address. */
  hosts?: Record<string, string>;
  /** Seconds. Default 120. */
  timeout?: number;
  /** A change of any runs it again. */
  triggers?: Record<string, string>;
  /** Volumes that have its work, or what came of it. Once every one of them is gone it is run again. */
  lostWith?: Volume[];
}

export interface GuardSpec {
  component: string;
  /** Members as they will be. */
  members: string[];
  /** What to run inside each member to learn whether it is healthy. */
  health: string[];
}

export interface LeaveSpec {
  /** Name of the member. */
  member: string;
  /** What the member itself does to leave its cluster. */
  command: string[];
  /** Every other member that there is or may be. */
  others: string[];
  /** What one of the others does to forget a member that is down. */
  forget: string[];
}
