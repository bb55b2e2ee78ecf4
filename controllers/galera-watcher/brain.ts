import type {Decision, Sight} from "./decide.ts";
import {type Evidence, type EvidenceEvent, gather, noEvidence, troubled} from "./evidence.ts";
import type {Message, View, Vote} from "./message.ts";

/** Who a watcher is, and who the others are. */
export interface Identity {
  name: string;
  /** Another one after each start of the watcher. */
  boot: string;
  /** Its member holds data and can evict. An arbitrator has a vote and no view of its own: it takes the others'. */
  holdsData: boolean;
  peers: {name: string; holdsData: boolean}[];
}

/** Times in milliseconds. */
export interface Rules {
  /** A message or a look at the own daemon counts for so long. */
  freshMs: number;
  /** After a vote there is none for so long, in whatever view. */
  restMs: number;
  /** An evicted id stays on the list so long, unless its member is back under another one. */
  clearAfterMs: number;
}

/** What a daemon said of itself. */
export interface Look {
  view: View | null;
  evictionList: string[];
}

interface Peer {
  holdable: boolean;
  evidence: Evidence;
  held: string | undefined;
  message: Message | undefined;
  heardAt: number;
  /** When a connection to it was closed last. */
  closedAt: number;
}

/** What belongs to one view. */
interface Page {
  vote: Vote | null;
  heard: Record<string, string>;
  acknowledged: Set<string>;
  evicting: Set<string>;
  evicted: string | undefined;
}

/** Pages of so many views are kept: daemons can differ for a moment in which view they are. */
const pagesKept = 32;
/** Names are kept of so many starts of members. */
const namesKept = 256;
/** What is killed together dies within this time: the processes of one member, and of one process its connections
 *  before its listener (seen: 8 ms after its session had closed, a daemon that was being killed still accepted on
 *  4567). */
const dyingMs = 1000;

/** A watcher's memory: takes in what happens, and says what it sees. It has no clock and no connection of its own. */
export class Brain {
  /** Evictions since its start. */
  evictions = 0;
  readonly #who: Identity;
  readonly #rules: Rules;
  readonly #peers = new Map<string, Peer>();
  readonly #pages = new Map<string, Page>();
  readonly #names = new Map<string, string>();
  readonly #listedSince = new Map<string, number>();
  #daemon: Message["daemon"] = "unknown";
  #look: (Look & {at: number}) | undefined;
  #votedAt = Number.NEGATIVE_INFINITY;

  constructor(who: Identity, rules: Rules) {
    this.#who = who;
    this.#rules = rules;
    for (const {name, holdsData} of who.peers)
      this.#peers.set(name, {
        holdable: holdsData,
        evidence: noEvidence,
        held: undefined,
        message: undefined,
        heardAt: 0,
        closedAt: Number.NEGATIVE_INFINITY,
      });
  }

  /** Its own daemon answered, or did not. */
  looked(daemon: Message["daemon"], look: Look | undefined, now: number): void {
    this.#daemon = daemon;
    if (!look) return;
    this.#look = {...look, at: now};
    for (const {id, name} of look.view?.members ?? []) this.#names.set(id, name);
    for (const id of [...this.#names.keys()].slice(0, -namesKept)) this.#names.delete(id);
    for (const id of this.#listedSince.keys()) if (!look.evictionList.includes(id)) this.#listedSince.delete(id);
    for (const id of look.evictionList) if (!this.#listedSince.has(id)) this.#listedSince.set(id, now);
    this.#readAgain(now);
  }

  /** Something happened to a connection to another member. */
  met(name: string, event: EvidenceEvent, now: number): void {
    const peer = this.#peers.get(name)!;
    peer.evidence = gather(peer.evidence, event);
    // What an earlier start said is forgotten with its connection, except which vote it gave.
    if ((event.kind === "opened" || event.kind === "ended") && event.what === "session") peer.message = undefined;
    if (event.kind === "ended" && event.how === "kernel") peer.closedAt = now;
    this.#readAgain(now);
  }

  /** Another watcher spoke, on the connection that stands. */
  told(name: string, message: Message, now: number): void {
    const peer = this.#peers.get(name);
    if (!peer || message.name !== name || peer.evidence.session !== "open") return;
    peer.message = message;
    peer.heardAt = now;
    this.#readAgain(now);
  }

  /** A decision is carried out. */
  did({vote, evict}: Decision, now: number): void {
    if (vote) {
      this.#page(vote.view).vote = vote;
      this.#votedAt = now;
    }
    if (evict) {
      this.#page(evict.view).evicted = evict.id;
      this.evictions++;
    }
  }

  /** An eviction was refused: the view had changed since the last look, which counts no longer. */
  refused(vote: Vote): void {
    this.#page(vote.view).evicted = undefined;
    this.#look = undefined;
    this.evictions--;
  }

  /** Those to probe: members of the view of which something closed, for a while even where somebody still listens. */
  doubtful(now: number): string[] {
    return this.#inView(now, peer => troubled(peer.evidence) || now - peer.closedAt < dyingMs);
  }

  #inView(now: number, which: (peer: Peer) => boolean): string[] {
    const view = this.#view(now);
    return [...this.#peers]
      .filter(([name, peer]) => view?.members.some(m => m.name === name) && which(peer))
      .map(([name]) => name);
  }

  sight(now: number): Sight {
    const view = this.#view(now);
    const page = view ? this.#page(view.key) : undefined;
    const evictionList = this.#look?.evictionList ?? [];
    return {
      me: this.#who.name,
      view,
      evicts: this.#who.holdsData,
      peers: Object.fromEntries(
        [...this.#peers].map(([name, {evidence, held, holdable}]) => [
          name,
          {evidence, held, holdable, message: this.#fresh(name, now)},
        ]),
      ),
      vote: page?.vote ?? null,
      heard: page?.heard ?? {},
      acknowledged: page?.acknowledged ?? new Set(),
      evicting: page?.evicting ?? new Set(),
      resting: now - this.#votedAt < this.#rules.restMs,
      evictionList,
      settled: new Set(evictionList.filter(id => this.#isSettled(id, view, now))),
      evicted: page?.evicted,
    };
  }

  message(now: number): Message {
    const view = this.#view(now);
    const page = view ? this.#page(view.key) : undefined;
    return {
      name: this.#who.name,
      boot: this.#who.boot,
      view,
      daemon: this.#daemon,
      troubled: this.#inView(now, peer => troubled(peer.evidence)),
      evicting: this.#listed(view),
      vote: page?.vote ?? null,
      heard: Object.fromEntries(
        [...this.#peers].flatMap(([name, {message}]) =>
          message ? [[name, {boot: message.boot, vote: page?.heard[name] ?? null}]] : [],
        ),
      ),
    };
  }

  /** Group ids of members of the view on its daemon's eviction list. */
  #listed(view: View | null): string[] {
    const listed = this.#look?.evictionList ?? [];
    return (view?.members ?? []).map(m => m.id).filter(id => listed.includes(id));
  }

  /** Takes from the last message of everybody what belongs to the present view. */
  #readAgain(now: number): void {
    const view = this.#view(now);
    if (!view) return;
    const page = this.#page(view.key);
    for (const id of this.#listed(view)) page.evicting.add(id);
    for (const [name, peer] of this.#peers) {
      const {message} = peer;
      const {evidence, holdable} = peer;
      if ((holdable ? evidence.hold : evidence.session) === "open")
        peer.held = view.members.find(m => m.name === name)?.id;
      if (evidence.probe === "accepted" && now - peer.closedAt >= dyingMs)
        peer.evidence = gather(evidence, {kind: "settled"});
      if (!message) continue;
      for (const id of message.evicting) if (view.members.some(m => m.id === id)) page.evicting.add(id);
      if (message.vote?.view === view.key) page.heard[name] ??= message.vote.id;
      const mine = message.view?.key === view.key ? message.heard[this.#who.name] : undefined;
      if (mine?.boot !== this.#who.boot) continue;
      page.acknowledged.add(name);
      const member = view.members.find(m => m.id === mine.vote);
      if (member && !page.vote) page.vote = {view: view.key, id: member.id, name: member.name};
    }
  }

  /** The primary component of its member, if that is known just now. */
  #view(now: number): View | null {
    if (this.#who.holdsData) return this.#look && now - this.#look.at <= this.#rules.freshMs ? this.#look.view : null;
    const told = [...this.#peers.keys()].flatMap(name => this.#fresh(name, now)?.view ?? []);
    const mine = told.filter(view => view.members.some(m => m.name === this.#who.name));
    return mine.sort((a, b) => b.number - a.number)[0] ?? null;
  }

  #fresh(name: string, now: number): Message | undefined {
    const {message, heardAt} = this.#peers.get(name)!;
    return message && now - heardAt <= this.#rules.freshMs ? message : undefined;
  }

  #isSettled(id: string, view: View | null, now: number): boolean {
    const name = this.#names.get(id);
    const back = name !== undefined && view?.members.some(m => m.name === name && m.id !== id);
    return back || now - (this.#listedSince.get(id) ?? now) >= this.#rules.clearAfterMs;
  }

  #page(key: string): Page {
    let page = this.#pages.get(key);
    if (!page) {
      page = {vote: null, heard: {}, acknowledged: new Set(), evicting: new Set(), evicted: undefined};
      this.#pages.set(key, page);
      const [oldest] = this.#pages.keys();
      if (this.#pages.size > pagesKept) this.#pages.delete(oldest!);
    }
    return page;
  }
}
