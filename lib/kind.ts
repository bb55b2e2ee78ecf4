import type {ClientTimings, Failure} from "./budget/failure.ts";
import type {Lint} from "./budget/lint.ts";
import type {Term} from "./budget/terms.ts";
import type {Operation} from "./operation.ts";
import type {Proxying} from "./proxies.ts";
import type {Recovery} from "./recovery.ts";
import type {Role} from "./roles.ts";
import type {MemberState, StateQuestion} from "./state/state.ts";
import type {TopologyComponent} from "./topology.ts";

/** Everything that the runner, the commands and the budgets know of a kind of component: plain data and pure functions.
 *  Nothing is optional, because what is left out would be a default that nobody thought about: a kind that has no such
 *  thing says `undefined`. */
export interface Kind {
  /** What the topology document calls it. */
  name: string;
  /** How a member is asked how it stands in its cluster, and what it answers. */
  state: StateQuestion<MemberState>;
  /** Who must be left for the component to serve: more than half of its members, or one. */
  quorum: "majority" | "one";
  /** A vote without data can be added where members are even in number. */
  arbitrator: boolean;
  /** Programs that serve, as the kernel names them; `every`: each process of a member counts. The end of another
   *  process costs clients nothing. */
  daemons: readonly string[] | "every";
  /** What it keeps on disks; undefined where a member that comes back empty has lost nothing. */
  durable: Durable | undefined;
  /** What single members do for the others, by the word that scenarios pick them with. */
  roles: Readonly<Record<string, Role>>;
  budget: KindBudget;
  /** What makes outages of it longer than they need be, or loses data. */
  lints(component: TopologyComponent, known: Known): Lint[];
  /** Others take over from a member that is woken late: how late they are is measured. */
  punctual: boolean;
  /** What members must agree on; undefined where each stands for itself. */
  agreement: Agreement | undefined;
  witness: Witness;
  /** Planned work on a member. */
  operations: readonly Operation[];
  /** Its members stand between clients and other components; undefined where they do not. */
  proxying: Proxying | undefined;
  /** How a cluster that runs nowhere comes back; undefined where nothing has to be decided for that. */
  recovery: Recovery | undefined;
}

/** Data that outlives the processes of a member. */
export interface Durable {
  /** It answers only when what it was told is on the disk: a disk that stands still is an excuse. */
  waitsForDisk: boolean;
  /** What makes the data of a new cluster in an empty volume, inside an image of the kind: its bootstrap one-shot. */
  bootstrap: readonly string[];
  /** The file in the volume that proves whose data it is; undefined where there is none. */
  proof: string | undefined;
}

/** What failures of members cost clients, as terms of an outage. docs/budgets.md has the equations. */
export interface KindBudget {
  /** Until those that are left serve on, from when the members failed. */
  servesOn(component: TopologyComponent, failure: Failure, client: ClientTimings): readonly Term[];
  /** Until clients are served again when a member comes back as it was; undefined where that costs nothing. `serves`:
   *  until the members serve. `saysYes`: until the check of a proxy is answered well. */
  back(component: TopologyComponent, failure: Failure): {serves: Term[]; saysYes: Term[]} | undefined;
  /** Until whoever answers the check of a proxy in the member's place says no; empty where the member itself is
   *  asked. */
  saysNo(component: TopologyComponent, failure: Failure): Term[];
  /** Clients find out who is gone by themselves, by the limit of an operation. */
  foundByClients: boolean;
}

/** What lints may know beside the topology. */
export interface Known {
  /** How late a member was woken at worst, in milliseconds. Absent where that was not measured. */
  lateMs?: number | undefined;
}

/** A component as {@link Agreement} needs it. */
export type Agreeing = Pick<TopologyComponent, "name"> & {members: readonly {name: string}[]};

/** What a member said, as {@link Agreement} needs it. */
export interface Said {
  member: string;
  state: Pick<MemberState, "healthy" | "detail">;
}

/** What the members of one component must agree on. */
export interface Agreement {
  /** What they do not agree on, in sentences, from what members of the stack said. */
  alarms(component: Agreeing, states: readonly Said[]): string[];
  /** Members that are all healthy come to agree by and by: a run waits for that. */
  awaited: boolean;
}

/** What members write to their logs that bounds are about, and what they count. */
export interface Witness {
  /** Members hold an address in turn. `role`: of whoever has it, as states name it. `says`, what a line says: that the
   *  member has the address from now on (true), or has it no more (false). */
  address: {role: string; says(line: string): boolean | undefined} | undefined;
  /** The views of the group in the log of a main process, in their order. */
  views: ((lines: readonly {at?: number; text: string}[]) => GroupView[]) | undefined;
  /** Members are put out of the cluster by others, who count it (`detail.evictions`). `where`: for people, after "It
   *  takes". */
  evictions: {inForce(component: TopologyComponent): boolean; where: string} | undefined;
}

/** A view of the group, as a member's log tells it. */
export interface GroupView {
  at: number;
  /** Alike at all members of the view, and at nobody else: where it began in the history, and who was in it. */
  id: string;
  primary: boolean;
}
