import {type Assessment, assess, greatest, type Standings} from "./assess.ts";
import {whyEnd} from "./ending.ts";
import {
  type Force,
  type Held,
  type Recovery as KnownRecovery,
  type RecoveryMessage,
  type Running,
  recoveriesKept,
  remergeMs,
  strandedMs,
} from "./standing.ts";
import {aheadOf, type Scene, type Verdict, verdict} from "./verdict.ts";

/** What a watcher's own database said of itself. */
export interface Sighting {
  /** It is in a primary component. */
  primary: boolean;
  /** It answers, be it that it is in no primary component. */
  answers: boolean;
  /** Names of the members of that component, where it is in one. */
  members?: readonly string[];
  cluster?: string | null;
}

/** Times in milliseconds. */
export interface Patience {
  /** What was heard counts for so long. A promise that is heard late binds as one that is heard at once, so this is not
   *  about safety. */
  freshMs: number;
  /** How long those that are missing get to come back, where it is safe to go on without them: what they acknowledged
   *  last may be on their disks alone. */
  missingMs: number;
  /** A member that is in no primary component, though everybody of its last one is heard, is stuck after so long. */
  stuckMs: number;
  /** How long an operator's word counts after it was heard: who comes back an hour later is to be waited for again. */
  forceMs: number;
}

export const patience: Patience = {freshMs: 2000, missingMs: 15_000, stuckMs: 30_000, forceMs: 120_000};

interface Peer {
  message: RecoveryMessage | undefined;
  /** It is in a primary component, as its watcher says. */
  primary: boolean;
  at: number;
}

/** A watcher's memory of how the cluster may come back when it runs nowhere: takes in what happens, and says what a
 *  member that waits is told. It has no clock and no connection of its own. */
export class Recovery {
  readonly #me: string;
  readonly #peers: Map<string, Peer>;
  readonly #arbitrators: ReadonlySet<string>;
  /** Members that there are, as far as it knows: each that it ever heard or saw in a component. Who is configured need
   *  not exist, for there is room to grow. */
  readonly #there: Set<string>;
  readonly #rules: Patience;
  readonly #known = new Map<string, KnownRecovery>();
  #own = new Set<string>();
  #held: (Held & {at: number}) | undefined;
  #sighting: Sighting = {primary: false, answers: false};
  #cluster: string | null = null;
  #lastMembers: readonly string[] = [];
  /** Since when its database is in no primary component though it may run; undefined where it is in one, or nothing is
   *  known. */
  #outSince: number | undefined;
  #safeSince: {missing: string; at: number} | undefined;
  /** What the member was told last, until its database is in a primary component or it waits again. */
  #began: "join" | "start" | undefined;
  /** Its member has said which recoveries its disk has. */
  #knows = false;
  #force: Force | null = null;
  #forceSince = Number.NEGATIVE_INFINITY;
  /** Those that it has not yet tried to hear since its start. */
  readonly #untried = new Set<string>();

  constructor(me: string, peers: readonly {name: string; holdsData: boolean}[], rules = patience) {
    this.#me = me;
    this.#rules = rules;
    this.#peers = new Map(peers.map(p => [p.name, {message: undefined, primary: false, at: Number.NEGATIVE_INFINITY}]));
    this.#there = new Set([me]);
    this.#arbitrators = new Set(peers.filter(p => !p.holdsData).map(p => p.name));
  }

  /** It has just been started, and nobody starts a cluster before it has tried to hear each of these. */
  listens(names: readonly string[]): void {
    for (const name of names) this.#untried.add(name);
  }

  /** It heard that one, or could not. */
  tried(name: string): void {
    this.#untried.delete(name);
  }

  /** What its member was told when it began, of which a watcher that was started anew knows nothing. */
  remind(began: string | undefined): void {
    if (this.#began === undefined && !this.#sighting.primary && (began === "join" || began === "start"))
      this.#began = began;
  }

  /** Another watcher spoke. */
  told(name: string, message: RecoveryMessage, primary: boolean, now: number): void {
    const peer = this.#peers.get(name);
    if (!peer) return;
    this.#there.add(name);
    Object.assign(peer, {message, primary, at: now});
    this.learn(message.recoveries);
    if (message.force && !this.#sighting.primary && isLater(message.force, this.#force)) {
      this.#force = message.force;
      this.#forceSince = now;
    }
  }

  /** Its own database answered, or did not. */
  looked(sighting: Sighting, now: number): void {
    this.#sighting = sighting;
    if (sighting.primary) {
      this.#cluster = sighting.cluster ?? this.#cluster;
      this.#lastMembers = sighting.members ?? this.#lastMembers;
      for (const name of this.#lastMembers) this.#there.add(name);
      this.#outSince = undefined;
      this.#held = undefined;
      this.#began = undefined;
      this.#force = null;
    } else if (!this.#isHeld(now)) this.#outSince ??= now;
  }

  /** Recoveries that the member's own disk has, or that somebody told of. */
  learn(recoveries: readonly KnownRecovery[], own = false): void {
    this.#knows ||= own;
    for (const one of recoveries) {
      this.#known.set(one.id, one);
      if (own) this.#own.add(one.id);
    }
    const newest = [...this.#known.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
    for (const {id} of newest.slice(recoveriesKept)) this.#known.delete(id);
  }

  get recoveries(): KnownRecovery[] {
    return [...this.#known.values()];
  }

  /** The member waits, with this. Gives what it is told; after `join` and `start` it waits no longer. */
  held(standing: Held, now: number): Verdict {
    // Who waits anew has patience anew.
    if (!this.#isHeld(now)) this.#safeSince = undefined;
    this.#held = {...standing, at: now};
    this.#outSince = undefined;
    this.#began = undefined;
    const said = this.verdict(now)!;
    if (said.do === "start" && said.without.length > 0) {
      const {cluster, ballot, seqno} = standing;
      this.learn([{id: ballot, cluster: cluster!, at: seqno, without: said.without}]);
    }
    if (said.do === "join" || said.do === "start") {
      this.#held = undefined;
      this.#outSince = now;
      this.#began = said.do;
      this.#own = new Set(this.#known.keys());
    }
    return said;
  }

  /** The same before its last component was read from its disk, for the common case that the others run: nobody hears
   *  of it. */
  asked(standing: Held, now: number): Verdict {
    const scene = this.#scene(now);
    if (scene.primaries.length === 0) return {do: "wait", why: "nobody is in a primary component"};
    const said = verdict({...scene, standings: {...scene.standings, [this.#me]: standing}});
    this.#began = said.do === "join" ? "join" : undefined;
    return said;
  }

  /** What the member is told while it waits; undefined while it does not. */
  verdict(now: number): Verdict | undefined {
    if (!this.#isHeld(now)) return undefined;
    const scene = this.#scene(now);
    if (this.#untried.size > 0 && scene.primaries.length === 0)
      return {do: "wait", why: `until it has listened for ${[...this.#untried].join(" and ")}`};
    const {missing: needed, safe} = this.assessment(now);
    // Who is there without its data does not get it by waiting.
    const missing = needed.filter(name => scene.standings[name]?.kind !== "held");
    const key = missing.join();
    if (!safe) this.#safeSince = undefined;
    else if (this.#safeSince?.missing !== key) this.#safeSince = {missing: key, at: now};
    const waited = now - (this.#safeSince?.at ?? now);
    return verdict({
      ...scene,
      patient: missing.length === 0 || waited >= this.#rules.missingMs || scene.force !== null,
    });
  }

  /** Another member is in a primary component. */
  beside(now: number): boolean {
    return this.#scene(now).primaries.length > 0;
  }

  assessment(now: number): Assessment {
    const {standings, everybody, force} = this.#scene(now);
    return assess(standings, everybody, force);
  }

  /** An operator says who is not waited for. Refused, in words, where that cannot be meant. */
  force(id: string, without: string[], now: number): string | undefined {
    const unknown = without.filter(name => name !== this.#me && !this.#peers.has(name));
    if (unknown.length > 0) return `${unknown.join(" and ")}: no member of this cluster`;
    if (without.includes(this.#me)) return `${this.#me} is asked itself; ask another member`;
    const {primaries} = this.#scene(now);
    if (primaries.length > 0) return `${primaries[0]!.name} is in a primary component: nothing is to be recovered`;
    const view = this.#latest(now);
    if (view === undefined) return "no member waits that knows of a component: start one with data first";
    this.#force = {id, without, view, turn: (this.#force?.turn ?? 0) + 1};
    this.#forceSince = now;
    return undefined;
  }

  message(now: number): RecoveryMessage {
    return {
      standing: this.#standing(now),
      cluster: this.#sighting.primary ? this.#cluster : null,
      recoveries: this.recoveries,
      knows: this.#knows,
      force: this.#word(now),
    };
  }

  /** What an operator said, as long as it counts. */
  #word(now: number): Force | null {
    return now - this.#forceSince <= this.#rules.forceMs ? this.#force : null;
  }

  /** Why the member's database is to be ended, so that it waits with the others; undefined where it is not. */
  toEnd(now: number): string | undefined {
    const left = this.#leftBehind();
    if (left) return left;
    const {standings, primaries} = this.#scene(now);
    return whyEnd({
      me: this.#me,
      mine: this.#standing(now),
      standings,
      primary: primaries.length > 0,
      arbitrators: this.#arbitrators,
      lastMembers: this.#lastMembers,
      others: this.#others(),
      began: this.#began,
      outMs: now - (this.#outSince ?? now),
      stuckMs: this.#rules.stuckMs,
    });
  }

  /** Recoveries that it is no part of. */
  #others(): KnownRecovery[] {
    return this.recoveries.filter(({id}) => !this.#own.has(id));
  }

  /** It is in a primary component of a history that was started without it: an operator took it for lost, and it came
   *  back before it heard of that. */
  #leftBehind(): string | undefined {
    if (!this.#sighting.primary) return undefined;
    const one = this.#others().find(r => r.cluster === this.#cluster && r.without.includes(this.#me));
    return one && `the cluster was started without it, from transaction ${one.at} on`;
  }

  /** Everything that is known, for people. */
  show(now: number) {
    const {standings, primaries, force} = this.#scene(now);
    return {
      me: this.#me,
      primary: this.#sighting.primary,
      told: this.verdict(now) ?? null,
      ...this.assessment(now),
      standings,
      primaries,
      force,
      recoveries: this.recoveries,
    };
  }

  #holders(): string[] {
    return [...this.#there].filter(name => !this.#arbitrators.has(name)).sort();
  }

  #isHeld(now: number): boolean {
    return this.#held !== undefined && now - this.#held.at <= this.#rules.freshMs;
  }

  #standing(now: number): Held | Running | null {
    if (this.#isHeld(now)) {
      const {at: _, ...held} = this.#held!;
      return {...held, ahead: aheadOf(held, this.recoveries, this.#own) !== undefined};
    }
    const outFor = this.#outSince === undefined ? undefined : now - this.#outSince;
    let stranded: Running["stranded"] = "no";
    if (outFor !== undefined) stranded = outFor >= remergeMs ? "old" : outFor >= strandedMs ? "long" : "new";
    return {kind: "running", stranded, answers: this.#sighting.answers};
  }

  #fresh(now: number): [name: string, peer: Peer][] {
    return [...this.#peers].filter(([, p]) => now - p.at <= this.#rules.freshMs);
  }

  #standings(now: number): Standings {
    const standings: Record<string, NonNullable<RecoveryMessage["standing"]>> = {};
    for (const [name, {message}] of this.#fresh(now))
      if (message?.standing && !this.#arbitrators.has(name)) standings[name] = message.standing;
    const mine = this.#standing(now);
    return mine ? {...standings, [this.#me]: mine} : standings;
  }

  /** Transaction number of the latest component that anybody who waits knows of. */
  #latest(now: number): number | undefined {
    const held = Object.values(this.#standings(now)).filter(one => one.kind === "held");
    return greatest(held.flatMap(({view, seen}) => [view, seen]))?.seqno;
  }

  #scene(now: number): Scene {
    const fresh = this.#fresh(now);
    const word = this.#word(now);
    return {
      me: this.#me,
      standings: this.#standings(now),
      everybody: {arbitrators: this.#arbitrators, holders: this.#holders()},
      primaries: fresh
        .filter(([name, p]) => p.primary && !this.#arbitrators.has(name))
        .map(([name, p]) => ({name, cluster: p.message?.cluster ?? null, knows: p.message?.knows !== false})),
      recoveries: this.recoveries,
      own: this.#own,
      force: word?.view === this.#latest(now) ? word : null,
      patient: false,
    };
  }
}

const isLater = (one: Force, other: Force | null): boolean =>
  other === null || one.view > other.view || (one.view === other.view && one.turn > other.turn);
