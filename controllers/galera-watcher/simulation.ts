import {Brain, type Rules} from "./brain.ts";
import {type Decision, decide, type Sight} from "./decide.ts";
import type {EvidenceEvent} from "./evidence.ts";
import {type Message, type View, type ViewMember, type Vote, viewOf} from "./message.ts";

/** For tests: a cluster whose group communication follows Galera's rule of quorum, eviction included, and whose
 *  watchers' connections do whatever a test wants. What is under test is {@link Brain} and {@link decide}; everything
 *  else here is a model. */
export const rules: Rules = {freshMs: 500, restMs: 3000, clearAfterMs: 1000};

interface Node {
  name: string;
  id: string;
  /** Whether its process runs. */
  up: boolean;
  /** The last primary component that it was in. */
  last: View | null;
  primary: boolean;
  evicted: Set<string>;
}

interface Session {
  /** Sent and not read yet, in order. */
  waiting: Message[];
}

export class Simulation {
  readonly nodes: Node[];
  now = 0;
  /** Which primary component came from which. More than one from the same is what must never be. */
  readonly next = new Map<string, string>();
  violation: string | undefined;
  readonly evictions: Vote[] = [];
  readonly #arbitrator: number | undefined;
  readonly #decide: (sight: Sight) => Decision;
  readonly #brains: (Brain | undefined)[];
  /** `sessions[reader][speaker]`. */
  readonly #sessions: (Session | undefined)[][];
  #count = 0;

  constructor(size: number, {arbitrator = false, decideBy = decide} = {}) {
    const members = Array.from({length: size}, (_, i) => ({name: `m${i}`, id: this.#fresh(i)}));
    const view = viewOf(1, members);
    this.nodes = members.map(m => ({...m, up: true, last: view, primary: true, evicted: new Set<string>()}));
    this.#arbitrator = arbitrator ? size - 1 : undefined;
    this.#decide = decideBy;
    this.#brains = members.map(() => undefined);
    this.#sessions = members.map(() => members.map(() => undefined));
    for (const i of members.keys()) this.startWatcher(i);
  }

  /** Everybody connects, looks and speaks, until nothing new is said. */
  settle(): void {
    const all = [...this.nodes.keys()];
    for (const i of all) for (const j of all) this.connect(i, j);
    for (let round = 0; round < 3; round++) {
      this.now += 20;
      for (const i of all) this.tick(i);
      for (const i of all) for (const j of all) this.deliver(i, j, 100);
    }
  }

  startWatcher(i: number): void {
    this.stopWatcher(i);
    const peers = this.nodes.flatMap((node, j) =>
      j === i ? [] : [{name: node.name, holdsData: j !== this.#arbitrator}],
    );
    this.#brains[i] = new Brain(
      {name: this.nodes[i]!.name, boot: `boot-${this.#count++}`, holdsData: i !== this.#arbitrator, peers},
      rules,
    );
  }

  stopWatcher(i: number): void {
    this.#brains[i] = undefined;
    for (const j of this.nodes.keys()) {
      this.#sessions[i]![j] = undefined;
      this.cut(j, i, "kernel");
    }
  }

  /** A reader's connections to a member: to its watcher, where that runs, and to its daemon. */
  connect(i: number, j: number): void {
    if (i === j || !this.#brains[i]) return;
    if (this.#brains[j] && !this.#sessions[i]![j]) {
      this.#sessions[i]![j] = {waiting: []};
      this.#meet(i, j, {kind: "opened", what: "session"});
    }
    if (this.nodes[j]!.up && j !== this.#arbitrator) this.#meet(i, j, {kind: "opened", what: "hold"});
  }

  /** The connection of a reader to a watcher ends. What was sent before and not read is lost with a reset, and read
   *  before an end otherwise. */
  cut(i: number, j: number, how: "kernel" | "silence"): void {
    if (!this.#sessions[i]![j]) return;
    this.#sessions[i]![j] = undefined;
    this.#meet(i, j, {kind: "ended", what: "session", how});
  }

  /** Whatever a reader is made to see of a member's connections, true or not. */
  see(i: number, j: number, event: EvidenceEvent): void {
    if (i !== j && (event.kind === "probed" || event.kind === "settled" || event.what === "hold"))
      this.#meet(i, j, event);
  }

  /** To a reader, the member looks as dead as can be. */
  seeDead(i: number, j: number, probe: "refused" | "unanswered" = "refused"): void {
    if (i === j) return;
    this.cut(i, j, "kernel");
    this.see(i, j, {kind: "ended", what: "hold", how: "kernel"});
    this.see(i, j, {kind: "probed", result: probe});
  }

  /** To all voters a member looks as dead as can be, and they say so; only the hearers read it. */
  round(blamed: number, voters: readonly number[], hearers: readonly number[]): void {
    for (const i of voters) this.seeDead(i, blamed);
    for (const i of voters) this.tick(i);
    for (const i of hearers) for (const j of voters) this.deliver(i, j, 100);
    for (const i of hearers) this.tick(i);
  }

  /** A watcher reads some of what another one sent. */
  deliver(i: number, j: number, count: number): void {
    const session = this.#sessions[i]![j];
    for (const message of session?.waiting.splice(0, count) ?? [])
      this.#brains[i]?.told(message.name, message, this.now);
  }

  /** A watcher looks at its daemon, decides, acts and speaks. */
  tick(i: number, look = true): void {
    const brain = this.#brains[i];
    const node = this.nodes[i]!;
    if (!brain) return;
    const daemon = i === this.#arbitrator ? "unknown" : node.up ? "up" : "down";
    if (look && node.up && i !== this.#arbitrator)
      brain.looked(daemon, {view: node.primary ? node.last : null, evictionList: [...node.evicted]}, this.now);
    else brain.looked(daemon, undefined, this.now);
    const decision = this.#decide(brain.sight(this.now));
    brain.did(decision, this.now);
    if (decision.clear && node.up) node.evicted.clear();
    if (decision.evict) this.#evict(i, brain, decision.evict);
    for (const readers of this.#sessions) readers[i]?.waiting.push(brain.message(this.now));
  }

  decision(i: number): Decision {
    return this.#decide(this.#brains[i]!.sight(this.now));
  }

  kill(i: number): void {
    this.nodes[i]!.up = false;
    this.nodes[i]!.primary = false;
  }

  /** The process starts again: another id, and no component, nor knowledge of one, until it is taken into one. */
  restart(i: number): void {
    Object.assign(this.nodes[i]!, {id: this.#fresh(i), up: true, last: null, primary: false, evicted: new Set()});
  }

  /** Those that can speak to each other, and to nobody else, agree on a new view. `left`: this one was in the view
   *  before, said goodbye and is down. */
  regroup(indexes: readonly number[], left?: number): void {
    const group = indexes.map(i => this.nodes[i]!).filter(node => node.up);
    // Join messages spread the eviction lists.
    const evicted = new Set(group.flatMap(node => [...node.evicted]));
    const rest = group.filter(node => !evicted.has(node.id));
    for (const node of group) node.evicted = new Set(evicted);
    for (const node of group) if (!rest.includes(node)) Object.assign(node, {up: false, primary: false});
    const gone = new Set([...evicted, ...(left === undefined ? [] : [this.nodes[left]!.id])]);
    for (const node of rest.filter(n => n.primary)) if (!mayGoOn(node.last!, rest, gone)) node.primary = false;
    const [goesOn, other] = new Set(rest.filter(node => node.primary).map(node => node.last!));
    if (goesOn && other) this.violation ??= `${goesOn.key} and ${other.key} met, and both go on`;
    const from = goesOn ?? recovered(rest, evicted);
    if (from) this.#install(from, rest);
  }

  /** A member says goodbye to those that it can speak to. */
  leave(i: number, others: readonly number[]): void {
    this.regroup([...new Set([...others, i])]);
    if (!this.nodes[i]!.up) return;
    Object.assign(this.nodes[i]!, {up: false, primary: false});
    this.regroup(others, i);
  }

  #install(from: View, nodes: Node[]): void {
    const view = viewOf(
      from.number + 1,
      nodes.map(({name, id}): ViewMember => ({name, id})),
    );
    const before = this.next.get(from.key);
    if (before !== undefined && before !== view.key)
      this.violation ??= `from ${from.key} came ${before} and ${view.key}`;
    this.next.set(from.key, view.key);
    for (const node of nodes) Object.assign(node, {last: view, primary: true});
  }

  /** A member hears another one's eviction list, and no view comes of it: join messages come before a view is agreed
   *  on, and whoever sent one may be gone by then. Nobody listens to whom it evicted itself. */
  whisper(i: number, j: number): void {
    const [hearer, teller] = [this.nodes[i]!, this.nodes[j]!];
    if (!hearer.up || !teller.up || hearer.evicted.has(teller.id)) return;
    if (teller.evicted.has(hearer.id)) Object.assign(hearer, {up: false, primary: false});
    else for (const id of teller.evicted) hearer.evicted.add(id);
  }

  #evict(i: number, brain: Brain, vote: Vote): void {
    const node = this.nodes[i]!;
    if (!node.up || !node.primary || node.last?.key !== vote.view) {
      brain.refused(vote);
      return;
    }
    node.evicted.add(vote.id);
    this.evictions.push(vote);
  }

  #meet(i: number, j: number, event: EvidenceEvent): void {
    this.#brains[i]?.met(this.nodes[j]!.name, event, this.now);
  }

  #fresh(i: number): string {
    return `id-${i}-${this.#count++}`;
  }
}

/** Whether members of a primary component are enough to go on from it: those that come along count twice, those that
 *  left or were evicted once, of all that were in it (`have_quorum` in gcomm/src/pc_proto.cpp). */
function mayGoOn(from: View, nodes: readonly Node[], gone: ReadonlySet<string>): boolean {
  const along = from.members.filter(m => nodes.some(n => n.id === m.id && n.primary && n.last === from)).length;
  const counted = from.members.filter(m => gone.has(m.id)).length;
  return 2 * along + counted > from.members.length;
}

/** Where nobody is in a primary component any more: the last one that any of them was in, once all of its members are
 *  together again, those that were evicted left out (`is_prim` in gcomm/src/pc_proto.cpp). A majority is not enough. */
function recovered(nodes: readonly Node[], evicted: ReadonlySet<string>): View | undefined {
  const last = nodes.flatMap(node => node.last ?? []).sort((a, b) => b.number - a.number)[0];
  return last?.members.every(m => evicted.has(m.id) || nodes.some(n => n.id === m.id)) ? last : undefined;
}
