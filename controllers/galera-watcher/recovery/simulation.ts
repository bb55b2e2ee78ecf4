import {type Disk, emptyDisk, Group, type Node} from "./group.ts";
import {Recovery} from "./recovery.ts";
import type {Held, RecordedView, RecoveryMessage} from "./standing.ts";
import type {Verdict} from "./verdict.ts";

/** How often a member that waits asks its watcher, and everything else happens, in milliseconds. */
export const stepMs = 300;
/** A process that ended is started again after so long. */
const restartMs = 600;

/** What a test may take out of the rules, to see that it is missed. */
export interface Faults {
  /** Changes what a member says of its disk. */
  says?: (held: Held, node: Node) => Held;
  /** Changes what it does. */
  does?: (told: Verdict, node: Node) => Verdict;
  watcher?: (me: string, peers: {name: string; holdsData: boolean}[]) => Recovery;
  /** Its promise is in memory alone. */
  forgetsPromise?: boolean;
  forgetsSeen?: boolean;
  keepsBallot?: boolean;
  /** Galera restores a component of one by itself. */
  restoresView?: boolean;
  /** Galera's file is not kept over a join that came to nothing. */
  losesView?: boolean;
}

interface Shell {
  ballot: string;
  holds: boolean;
  /** When an ended process is started again; undefined while it runs, or is meant to be down. */
  againAt: number | undefined;
  told: Verdict | undefined;
  /** What it was told when its process began. */
  began: string | undefined;
  without: readonly string[];
}

interface Watch {
  recovery: Recovery;
  primary: boolean;
}

/** For tests: a cluster as {@link Group} has it, member.sh and galera-health as models, and watchers whose connections
 *  do whatever a test wants. What is under test is {@link Recovery} with all that it asks. */
export class Simulation {
  readonly group: Group;
  readonly shells: Shell[];
  now = 0;
  readonly starts: {name: string; without: readonly string[]}[] = [];
  /** Members whose disk was changed by hand since they were in a primary component. */
  readonly touched = new Set<string>();
  startMs = 600;
  readonly #faults: Faults;
  #watches: (Watch | undefined)[];
  /** `queues[hearer][speaker]`: said and not heard. */
  readonly #queues: {message: RecoveryMessage; primary: boolean}[][][];
  readonly #stalled = new Set<string>();
  readonly #copies: Disk[];
  #count = 0;

  constructor(size: number, {arbitrator = false, remerges = true, faults = {} as Faults} = {}) {
    this.group = new Group(size, {arbitrator, remerges});
    this.#faults = faults;
    const {nodes} = this.group;
    this.shells = nodes.map(() => ({
      ballot: this.#fresh(),
      holds: false,
      againAt: undefined,
      told: undefined,
      began: undefined,
      without: [],
    }));
    this.#queues = nodes.map(() => nodes.map(() => []));
    this.#copies = nodes.map(n => structuredClone(n.disk));
    this.#watches = nodes.map((_, i) => this.#watch(i));
    this.steps(2);
  }

  get nodes(): Node[] {
    return this.group.nodes;
  }

  steps(count: number): void {
    for (let i = 0; i < count; i++) this.step();
  }

  /** Until something is so, for a minute at most. */
  until(so: () => boolean): boolean {
    for (let ms = 0; ms < 60_000 && !so(); ms += stepMs) this.step();
    return so();
  }

  /** Time goes on, and everybody does what it does all the time. */
  step(): void {
    this.now += stepMs;
    for (const [i, node] of this.nodes.entries())
      if ((this.shells[i]!.againAt ?? Infinity) <= this.now) this.start(node);
    this.group.ready(this.now, node => this.#of(node).without);
    for (const node of this.nodes)
      if (node.process === "running" && !node.reached && this.now > node.givesUpAt && !node.arbitrator) this.#end(node);
    this.group.regroup();
    for (const node of this.nodes) if (node.process === "down") this.#again(node);
    this.group.apply();
    for (const i of this.nodes.keys()) this.look(i);
    for (const i of this.nodes.keys()) this.poll(i);
    for (const i of this.nodes.keys()) this.health(i);
  }

  /** A watcher looks at its database and speaks. */
  look(i: number): void {
    const watch = this.#watches[i];
    const node = this.nodes[i]!;
    if (!watch) return;
    watch.primary = node.primary && !node.arbitrator;
    if (!node.arbitrator)
      watch.recovery.looked(
        node.primary
          ? {primary: true, answers: true, members: node.last!.members.map(m => m.name), cluster: node.disk.cluster}
          : {primary: false, answers: node.process === "running" && node.reached},
        this.now,
      );
    const said = {message: watch.recovery.message(this.now), primary: watch.primary};
    for (const [j, hearer] of this.nodes.entries()) {
      if (j === i || !this.#watches[j] || hearer.side !== node.side) continue;
      this.#queues[j]![i]!.push(said);
      if (!this.#stalled.has(`${j}<${i}`)) this.#hear(j, i);
    }
  }

  #hear(i: number, j: number): void {
    for (const {message, primary} of this.#queues[i]![j]!.splice(0))
      this.#watches[i]!.recovery.told(this.nodes[j]!.name, message, primary, this.now);
  }

  /** A member that waits asks, and does what it is told: member.sh. */
  poll(i: number): void {
    const node = this.nodes[i]!;
    const shell = this.shells[i]!;
    const recovery = this.#watches[i]?.recovery;
    if (node.process !== "held" || !recovery) return;
    recovery.learn(node.disk.recoveries, true);
    const held = this.#says(node, shell);
    const first = shell.holds ? recovery.held(held, this.now) : recovery.asked({...held, view: null}, this.now);
    const told = this.#faults.does?.(first, node) ?? first;
    shell.told = told;
    if ((told.do === "wait" || told.do === "fenced") && !shell.holds) shell.holds = true;
    if (told.do === "promise") {
      node.disk.promise = told.to;
      node.disk.seen = this.#faults.forgetsSeen ? null : told.seen;
    }
    if (told.do === "withdraw") {
      Object.assign(node.disk, {promise: null, seen: null});
      if (!this.#faults.keepsBallot) shell.ballot = this.#fresh();
    }
    if (told.do !== "join" && told.do !== "start") return;
    shell.began = told.do;
    node.disk.recoveries = recovery.recoveries;
    node.disk.kept = this.#faults.losesView ? null : (node.disk.gvw ?? node.disk.kept);
    const recorded = shell.holds && held.crashed && node.disk.gvw?.component.members.length !== 1;
    if (!recorded && !this.#faults.restoresView) node.disk.gvw = null;
    shell.without = told.do === "start" ? told.without : [];
    if (told.do === "start") this.starts.push({name: node.name, without: told.without});
    this.group.begin(node, told.do === "start", this.now, this.startMs);
  }

  /** galera-health: ends what is stuck, and keeps what a later start needs. */
  health(i: number): void {
    const node = this.nodes[i]!;
    const recovery = this.#watches[i]?.recovery;
    if (!recovery || node.arbitrator || node.process === "down") return;
    recovery.learn(node.disk.recoveries, true);
    recovery.remind(this.shells[i]!.began);
    if (recovery.toEnd(this.now) && (node.process === "running" || node.process === "starting")) this.#end(node);
    if (!node.primary || node.pending.length > 0) return;
    Object.assign(node.disk, {recoveries: recovery.recoveries, home: "ours", kept: null, promise: null, seen: null});
    this.touched.delete(node.name);
  }

  #says(node: Node, {ballot}: Shell): Held {
    const {cluster, log, view, promise, seen, home} = node.disk;
    const gvw = node.disk.gvw ?? node.disk.kept;
    const names = gvw?.component.members.map(m => m.name).sort();
    const crashed =
      view !== null && gvw !== null && names!.join() === view.members.join() && gvw.component.seqno === view.seqno;
    const held: Held = {
      kind: "held",
      ballot,
      cluster,
      seqno: cluster === null ? -1 : log.length,
      view,
      seen,
      crashed,
      ...(gvw !== null && !crashed ? {beyond: true} : {}),
      home: cluster === null ? "unproven" : home,
      promise,
    };
    return this.#faults.says?.(held, node) ?? held;
  }

  /** Several processes die in one instant; each comes back soon, unless it is to stay down ({@link stay}). */
  crash(nodes: readonly Node[]): void {
    for (const node of nodes) {
      this.group.crash(node);
      this.#of(node).againAt = undefined;
      this.#again(node);
    }
  }

  /** It is stopped, and stays so. */
  stop(node: Node, killed = false): void {
    if (node.process === "down") return;
    this.group.leave(node, killed);
    this.#of(node).againAt = undefined;
  }

  start(node: Node): void {
    const shell = this.#of(node);
    shell.againAt = undefined;
    if (node.process !== "down") return;
    if (node.arbitrator) this.group.begin(node, false, this.now, 0);
    else Object.assign(node, {process: "held"});
    if (this.#faults.forgetsPromise) node.disk.promise = null;
    Object.assign(shell, {ballot: this.#fresh(), holds: false, told: undefined});
  }

  #end(node: Node): void {
    this.group.leave(node);
    this.#again(node);
  }

  readonly #stays = new Set<string>();

  /** What is down is not started by itself. */
  stay(node: Node, stays: boolean): void {
    if (stays) this.#stays.add(node.name);
    else this.#stays.delete(node.name);
  }

  #again(node: Node): void {
    if (!this.#stays.has(node.name)) this.#of(node).againAt ??= this.now + restartMs;
  }

  startWatcher(i: number): void {
    this.#watches[i] = this.#watch(i);
    for (const j of this.nodes.keys()) {
      this.#queues[i]![j] = [];
      this.#queues[j]![i] = [];
    }
  }

  /** What one watcher says to another does not arrive, until it does. */
  stall(i: number, j: number): void {
    const key = `${i}<${j}`;
    if (this.#stalled.delete(key)) this.#hear(i, j);
    else this.#stalled.add(key);
  }

  split(side: number): void {
    for (const [i, node] of this.nodes.entries()) node.side = (side >> i) & 1;
    for (const [i, one] of this.nodes.entries())
      for (const [j, other] of this.nodes.entries()) if (one.side !== other.side) this.#queues[i]![j] = [];
  }

  /** A disk that is at rest is copied, emptied, replaced by its copy or by another cluster's. */
  volume(i: number, what: "copy" | "empty" | "old" | "foreign"): void {
    const node = this.nodes[i]!;
    if (node.arbitrator) return;
    if (what === "copy") this.#copies[i] = structuredClone(node.disk);
    if (what === "copy" || node.process !== "down") return;
    const had = node.disk.log;
    if (what === "empty") node.disk = emptyDisk();
    if (what === "old") node.disk = structuredClone(this.#copies[i]!);
    if (what === "foreign")
      node.disk = {
        ...emptyDisk(),
        cluster: "another",
        log: [{id: -1}, {id: -2}],
        view: {seqno: 2, members: [node.name]},
      };
    for (const {id} of had) if (!node.disk.log.some(e => e.id === id)) this.group.thrownAway.add(id);
    this.touched.add(node.name);
  }

  force(i: number, without: readonly number[]): string | undefined {
    return this.#watches[i]?.recovery.force(
      `force-${this.#count++}`,
      without.map(j => this.nodes[j]!.name),
      this.now,
    );
  }

  /** Everything is healed, and everybody is there and stays so. */
  heal(): void {
    this.split(0);
    for (const key of [...this.#stalled]) this.stall(...(key.split("<").map(Number) as [number, number]));
    this.#stays.clear();
    for (const node of this.nodes) {
      node.lags = false;
      if (node.process === "down") this.#again(node);
    }
  }

  /** Whether there is one primary component of all that may be in it. */
  whole(): boolean {
    const able = this.nodes.filter(n => this.#of(n).told?.do !== "fenced" || n.process !== "held");
    return able.every(n => n.primary && n.last === this.group.last) && this.group.last.members.length === able.length;
  }

  /** Members whose view somebody remembers, and whose disk is not what it was. */
  lostMembers(): string[] {
    const views: RecordedView[] = this.nodes.flatMap(n => [n.disk.view ?? [], n.disk.seen ?? []].flat());
    const known = [...views.flatMap(v => v.members), ...this.group.last.members.map(m => m.name)];
    return [...this.touched].filter(name => known.includes(name));
  }

  describe(): string {
    return this.nodes
      .map(n => {
        const {told} = this.#of(n);
        const {log, view} = n.disk;
        const said = told ? ` ${told.do}${"why" in told ? ` (${told.why})` : ""}` : "";
        return `${n.name}: ${n.primary ? "primary" : n.process}, ${log.length}, view ${view ? `${view.seqno}:${view.members.join("+")}` : "-"}${n.process === "held" ? said : ""}`;
      })
      .join("; ");
  }

  #of(node: Node): Shell {
    return this.shells[this.nodes.indexOf(node)]!;
  }

  #watch(i: number): Watch {
    const peers = this.nodes.flatMap((n, j) => (j === i ? [] : [{name: n.name, holdsData: !n.arbitrator}]));
    const me = this.nodes[i]!.name;
    return {recovery: this.#faults.watcher?.(me, peers) ?? new Recovery(me, peers), primary: false};
  }

  #fresh(): string {
    return `b${this.#count++}`;
  }
}
