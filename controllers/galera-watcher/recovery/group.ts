import type {Promised, RecordedView, Recovery} from "./standing.ts";

/** For tests: members with disks, whose group communication follows Galera's rules of quorum and of state transfer.
 *  Nothing here is under test. */
export interface Entry {
  /** The same number is the same transaction, so that two histories are told apart. */
  id: number;
  /** A primary component begins with it. */
  view?: RecordedView;
}

export interface Component {
  number: number;
  seqno: number;
  members: {name: string; gid: string}[];
}

/** What a volume holds. */
export interface Disk {
  cluster: string | null;
  log: Entry[];
  view: RecordedView | null;
  /** Galera's own file: written when a component is installed, which is before the database records it; gone after an
   *  end in good order. */
  gvw: {component: Component; gid: string} | null;
  /** A copy of it, from when the member was told to join until it is in a component: Galera removes its own also when a
   *  join comes to nothing. */
  kept: Disk["gvw"];
  promise: Promised | null;
  seen: RecordedView | null;
  recoveries: Recovery[];
  home: "ours" | "foreign" | "unproven";
}

export interface Node {
  name: string;
  arbitrator: boolean;
  process: "down" | "held" | "starting" | "running";
  /** It starts a cluster. */
  alone: boolean;
  /** When a process that starts takes part in the group, and when it gives up. */
  readyAt: number;
  givesUpAt: number;
  gid: string;
  last: Component | null;
  primary: boolean;
  /** It was in a primary component since its start. */
  reached: boolean;
  /** Received, and not on its disk. */
  pending: Entry[];
  /** It applies nothing just now. */
  lags: boolean;
  /** Those with the same number reach each other. */
  side: number;
  evicted: Set<string>;
  disk: Disk;
}

export const emptyDisk = (): Disk => ({
  cluster: null,
  log: [],
  view: null,
  gvw: null,
  kept: null,
  promise: null,
  seen: null,
  recoveries: [],
  home: "unproven",
});

const all = (node: Node): Entry[] => [...node.disk.log, ...node.pending];

/** What there is besides members: who may take notes of what happens, and says what is wrong. */
export class Group {
  readonly nodes: Node[];
  violation: string | undefined;
  /** Every acknowledged transaction, and the component that it was acknowledged in. */
  readonly acknowledged = new Map<number, Component>();
  /** Acknowledged, and known to be lost: on disks of members that were gone on without, or that somebody threw away. */
  readonly lost = new Set<number>();
  readonly thrownAway = new Set<number>();
  last: Component;
  readonly #remerges: boolean;
  #count = 1;

  constructor(size: number, {arbitrator = false, remerges = true} = {}) {
    this.#remerges = remerges;
    this.nodes = Array.from({length: size}, (_, i) => ({
      name: `m${i}`,
      arbitrator: arbitrator && i === size - 1,
      process: "running" as const,
      alone: false,
      readyAt: 0,
      givesUpAt: 0,
      gid: this.#fresh(),
      last: null,
      primary: false,
      reached: false,
      pending: [],
      lags: false,
      side: 0,
      evicted: new Set<string>(),
      disk: {...emptyDisk(), cluster: "ours", home: "ours" as const},
    }));
    this.last = {number: 0, seqno: 0, members: []};
    this.#install(this.nodes, []);
    this.apply();
  }

  /** A client's transaction: all of the component receive it, the one that was asked has it on its disk. */
  commit(node: Node): void {
    const {last} = node;
    if (!node.primary || node.pending.length > 0 || node.arbitrator || node.lags) return;
    const members = this.nodes.filter(n => n.primary && n.last === last && n.side === node.side);
    if (members.length !== last!.members.length) return;
    const entry = {id: this.#count++};
    for (const one of members) if (!one.arbitrator) one.pending.push(entry);
    this.#apply(node);
    this.acknowledged.set(entry.id, last!);
  }

  apply(): void {
    for (const node of this.nodes) if (node.process === "running" && !node.lags) this.#apply(node);
  }

  crash(node: Node): void {
    Object.assign(node, {process: "down", primary: false, last: null, reached: false, pending: [], evicted: new Set()});
  }

  /** It ends in good order: what it received is on its disk, unless it is killed before (`killed`), and its own file is
   *  gone. */
  leave(node: Node, killed = false): void {
    const was = node.process === "running";
    if (was && !killed) this.#apply(node);
    if (node.process !== "held") node.disk.gvw = null;
    const gone = {gid: node.gid, primary: node.primary};
    this.crash(node);
    if (was && gone.primary) this.regroup(new Set([gone.gid]));
  }

  /** A process begins: a crash left it its id and its last component. */
  begin(node: Node, alone: boolean, now: number, startMs: number): void {
    const {gvw} = node.disk;
    if (alone) node.disk.gvw = null;
    const again = gvw && !alone;
    Object.assign(node, {
      process: "starting",
      alone,
      readyAt: now + startMs,
      givesUpAt: now + startMs + 35_000,
      gid: again ? gvw.gid : this.#fresh(),
      last: again ? gvw.component : null,
    });
  }

  /** Whoever is ready takes part. `without`: last members that a start did not wait for. */
  ready(now: number, started: (node: Node) => readonly string[]): void {
    for (const node of this.nodes) {
      if (node.process !== "starting" || now < node.readyAt) continue;
      node.process = "running";
      if (node.alone) this.#install([node], started(node));
      node.alone = false;
    }
  }

  /** One of a component is evicted, by those that one of its members reaches. */
  evict(evictor: Node, victim: Node): void {
    if (!evictor.primary || victim === evictor || evictor.last === null) return;
    const {members} = evictor.last;
    const voters = this.nodes.filter(n => n !== victim && n.primary && n.last === evictor.last);
    const listed = members.some(m => this.nodes.some(n => n.last === evictor.last && n.evicted.has(m.gid)));
    if (listed || !members.some(m => m.gid === victim.gid) || voters.length * 2 <= members.length) return;
    evictor.evicted.add(victim.gid);
  }

  /** Those on each side agree on a view. */
  regroup(left: ReadonlySet<string> = new Set()): void {
    for (const side of new Set(this.nodes.map(n => n.side)))
      this.#regroup(
        this.nodes.filter(n => n.side === side && n.process === "running"),
        left,
      );
    const running = new Set(this.nodes.filter(n => n.primary && !n.arbitrator).map(n => n.last!));
    if (running.size > 1)
      this.violation ??= `two primary components: ${[...running].map(c => c.members.map(m => m.name).join("+")).join(" and ")}`;
  }

  #regroup(group: Node[], left: ReadonlySet<string>): void {
    const evicted = new Set(group.flatMap(node => [...node.evicted]));
    for (const node of group) if (evicted.has(node.gid)) this.crash(node);
    const rest = group.filter(node => node.process === "running");
    for (const node of rest) node.evicted = new Set(evicted);
    const gone = new Set([...evicted, ...left]);
    const goOn = new Map(rest.filter(n => n.primary).map(n => [n.last!, mayGoOn(n.last!, rest, gone)]));
    for (const node of rest) if (node.primary && !goOn.get(node.last!)) node.primary = false;
    const core = rest.filter(node => node.primary);
    if (new Set(core.map(n => n.last)).size > 1) return;
    if (core.length > 0) {
      const same = core[0]!.last!.members.length === rest.length && core.length === rest.length;
      if (!same) this.#install(rest, [], core);
      return;
    }
    const old = this.#remerges ? recovered(rest, evicted) : undefined;
    if (old)
      this.#install(
        rest,
        [],
        rest.filter(n => n.last === old),
      );
  }

  /** Members go on from what the core has: all others get what they lack. */
  #install(group: readonly Node[], without: readonly string[], core = group): void {
    const [donor] = core.filter(n => !n.arbitrator).sort((a, b) => all(b).length - all(a).length);
    if (!donor) {
      for (const node of core) Object.assign(node, {primary: false, last: null});
      return;
    }
    const history = all(donor);
    const aborts = group.filter(n => n.disk.cluster === donor.disk.cluster && all(n).length > history.length);
    // "Reversing history": Galera ends what is ahead of the component.
    for (const node of aborts) this.crash(node);
    const members = group.filter(n => !aborts.includes(n));
    for (const node of members) if (node !== donor && !node.arbitrator) this.#transfer(node, donor, history);
    this.#mustHold(history, members, without);
    const names = members.map(n => n.name).sort();
    const component = {
      number: Math.max(this.last.number, ...members.map(n => n.last?.number ?? 0)) + 1,
      seqno: history.length + 1,
      members: members.map(({name, gid}) => ({name, gid})),
    };
    const entry = {id: this.#count++, view: {seqno: component.seqno, members: names}};
    for (const node of members) {
      Object.assign(node, {last: component, primary: true, reached: true});
      if (node.arbitrator) continue;
      node.pending.push(entry);
      node.disk.gvw = {component, gid: node.gid};
    }
    this.last = component;
    // The watchers empty the lists once the view without the evicted stands, and who crashed stays out so long.
    for (const node of members) node.evicted = new Set();
  }

  #transfer(node: Node, donor: Node, history: readonly Entry[]): void {
    const has = all(node);
    if (node.disk.cluster !== donor.disk.cluster) {
      if (node.disk.cluster !== null) this.violation ??= `${node.name}: data of another cluster is overwritten`;
      const {cluster, log, view} = donor.disk;
      Object.assign(node.disk, {cluster, log: [...log], view});
      node.pending = history.slice(log.length);
      return;
    }
    const differs = has.findIndex((entry, i) => entry.id !== history[i]!.id);
    if (differs >= 0)
      this.violation ??= `${node.name} joins ${donor.name} with another history from transaction ${differs + 1} on`;
    node.pending = history.slice(node.disk.log.length);
  }

  /** Nothing that was acknowledged is missing in a new component, except what those alone have whom it did not wait
   *  for, acknowledged while one that is here was with them. */
  #mustHold(history: readonly Entry[], members: readonly Node[], without: readonly string[]): void {
    const has = new Set(history.map(e => e.id));
    for (const [id, component] of this.acknowledged) {
      if (has.has(id) || this.lost.has(id)) continue;
      const holders = this.nodes.filter(n => n.disk.log.some(e => e.id === id)).map(n => n.name);
      const excused = holders.every(name => without.includes(name)) && (holders.length > 0 || this.thrownAway.has(id));
      const together = members.some(n => component.members.some(m => m.name === n.name)) || this.thrownAway.has(id);
      if (excused && together) this.lost.add(id);
      else
        this.violation ??= `acknowledged transaction of ${component.members.map(m => m.name).join("+")} is missing in ${members.map(n => n.name).join("+")}; on the disks of ${holders.join(", ") || "nobody"}`;
    }
  }

  #apply(node: Node): void {
    for (const entry of node.pending) if (entry.view) node.disk.view = entry.view;
    node.disk.log.push(...node.pending.splice(0));
  }

  #fresh(): string {
    return `g${this.#count++}`;
  }
}

/** `have_quorum` in gcomm/src/pc_proto.cpp. */
function mayGoOn(from: Component, nodes: readonly Node[], gone: ReadonlySet<string>): boolean {
  const along = from.members.filter(m => nodes.some(n => n.gid === m.gid && n.primary && n.last === from)).length;
  const counted = from.members.filter(m => gone.has(m.gid)).length;
  return 2 * along + counted > from.members.length;
}

/** `is_prim` in gcomm/src/pc_proto.cpp: the last component that anybody was in, once all of its members are together,
 *  those that were evicted left out. */
function recovered(nodes: readonly Node[], evicted: ReadonlySet<string>): Component | undefined {
  const [last] = nodes.flatMap(node => node.last ?? []).sort((a, b) => b.number - a.number);
  return last?.members.every(m => evicted.has(m.gid) || nodes.some(n => n.gid === m.gid && n.last === last))
    ? last
    : undefined;
}
