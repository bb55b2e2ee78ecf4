/** The versioned document that every stack exports as its output `topology`: what there is, where, and how to reach it.
 *  It holds no secret: an endpoint names the secret, the stack's secret output `secrets` has the value. */
export interface Topology {
  version: 1;
  /** Pulumi project and stack, `lab/lab`: what the label `io.holdfast.stack` carries. */
  stack: string;
  platform: PlatformKind;
  zones: string[];
  /** Settings that the program read, as text: what the stack stands with. Absent in documents of earlier versions. */
  settings?: Record<string, string>;
  networks: TopologyNetwork[];
  components: TopologyComponent[];
}

/** What a disk of a member's own is made of: memory, or an image on a loop device, which can lose its power. */
export type DiskKind = "memory" | "loop";

export type PlatformKind = "docker" | "kubernetes" | "aws";

/** What a network is for. Every listener is on the network that needs it alone. */
export type NetworkPurpose = "front" | "back" | "mgmt";

export interface TopologyNetwork {
  purpose: NetworkPurpose;
  /** The platform's own name of it. */
  name: string;
  subnet: string;
}

export interface TopologyComponent {
  name: string;
  /** Name of its kind, one of those in components/kinds.ts. */
  kind: string;
  /** Plain settings that bounds are computed from, durations in milliseconds. */
  settings: Record<string, string | number | boolean>;
  members: TopologyMember[];
  endpoints: Endpoint[];
}

export interface TopologyMember {
  /** Unique in the stack: `galera-0`. */
  name: string;
  zone: string;
  /** Fixed address per network. */
  addresses: Partial<Record<NetworkPurpose, string>>;
  handle: MemberHandle;
  /** What to run inside the member to learn whether it is healthy in its cluster (exit code 0). */
  health: string[];
}

/** How its platform finds a member, and what can be done to it. */
export interface MemberHandle {
  platform: PlatformKind;
  /** Container names on docker: the process itself, then what shares its network, then what keeps its disk. Absent on
   *  other platforms. */
  containers?: {main: string; net?: string; companions: Record<string, string>; disk?: string};
  /** Its data is on a disk with a size of its own; absent where it shares the machine's. Documents of earlier versions
   *  have no kind: memory. */
  disk?: {megabytes: number; kind?: DiskKind};
  /** It keeps nothing that outlives its processes, so that there is nothing on a disk to lose. */
  volatile?: boolean;
  /** Its clock can be set, apart from the machine's. */
  clock?: boolean;
  /** Faults that the platform can inject into it. */
  faults: string[];
}

export type EndpointProtocol = "mysql" | "amqp" | "memcached" | "http" | "tcp";

/** One address that clients use. */
export interface Endpoint {
  /** Unique in the stack: `sql`. */
  name: string;
  /** The component that answers in the end: an SQL front end on a VIP has the database here. */
  of: string;
  protocol: EndpointProtocol;
  network: NetworkPurpose;
  address: string;
  port: number;
  database?: string;
  vhost?: string;
  user?: string;
  /** Name of the password in the stack output `secrets`. */
  passwordSecret?: string;
  /** For clients that pick the server themselves (memcached): every `host:port`. */
  servers?: string[];
}

/** A member with the component that it belongs to. */
export interface Placed {
  component: TopologyComponent;
  member: TopologyMember;
}

/** The endpoints that lead to the named component. */
export function endpointsOf(topology: Topology, component: string): Endpoint[] {
  return topology.components.flatMap(c => c.endpoints).filter(e => e.of === component);
}

/** The member of that name with its component, or undefined. */
export function findMember(
  topology: Topology,
  name: string,
): {component: TopologyComponent; member: TopologyMember} | undefined {
  for (const component of topology.components) {
    const member = component.members.find(m => m.name === name);
    if (member) return {component, member};
  }
  return undefined;
}

/** The component of that name, or undefined. */
export function findComponent(topology: Topology, name: string): TopologyComponent | undefined {
  return topology.components.find(c => c.name === name);
}

/** Every member of the stack but this one. */
export function membersWithout(topology: Topology, member: TopologyMember): TopologyMember[] {
  return topology.components.flatMap(c => c.members).filter(other => other.name !== member.name);
}
