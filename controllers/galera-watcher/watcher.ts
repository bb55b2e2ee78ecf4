import {randomUUID} from "node:crypto";
import type {Server} from "node:net";
import {firstLine} from "../../lib/problems.ts";
import {agent} from "./agent.ts";
import {Brain} from "./brain.ts";
import {type Daemon, type Told, watchDaemon} from "./daemon.ts";
import {type Decision, decide} from "./decide.ts";
import type {EvidenceEvent} from "./evidence.ts";
import {hold} from "./hold.ts";
import {listenTo, Speaker} from "./mesh.ts";
import type {Message} from "./message.ts";
import {probe} from "./probe.ts";
import {door} from "./recovery/door.ts";
import {Recovery, type Sighting} from "./recovery/recovery.ts";
import type {PeerSettings, Secrets, Settings} from "./settings.ts";

/** The ways to databases. A test has others, because there is no small server that speaks their protocol. */
export interface Doors {
  hold: typeof hold;
  watchDaemon: typeof watchDaemon;
}

/** Stands beside one member: holds connections to the others, tells their watchers what it sees, and evicts who is dead
 *  for sure. */
export class Watcher {
  readonly #settings: Settings;
  readonly #secrets: Secrets;
  readonly #brain: Brain;
  readonly #speaker: Speaker;
  readonly #agent: Server;
  readonly #recovery: Recovery;
  readonly #door: Server;
  readonly #end = new AbortController();
  readonly #probing = new Set<string>();
  readonly #downUntil = new Map<string, number>();
  readonly #log: (line: Record<string, unknown>) => void;
  readonly #doors: Doors;
  #daemon: Daemon | undefined;
  #busy = false;
  #said = "";

  constructor(
    settings: Settings,
    secrets: Secrets,
    log: (line: Record<string, unknown>) => void,
    doors: Doors = {hold, watchDaemon},
  ) {
    this.#doors = doors;
    this.#settings = settings;
    this.#secrets = secrets;
    this.#log = log;
    this.#brain = new Brain({...settings, boot: randomUUID()}, settings);
    this.#recovery = new Recovery(settings.name, settings.peers);
    this.#door = door(this.#recovery, secrets.key, () => performance.now(), log);
    this.#speaker = new Speaker(secrets.key, 4 * (settings.peers.length + 1));
    this.#agent = agent(
      name => performance.now() < (this.#downUntil.get(name) ?? 0),
      () => ({evictions: this.#brain.evictions}),
    );
  }

  /** Listens and works until `stop`. An address that cannot be had is an error. */
  async start(): Promise<void> {
    const {address, ports, peers, holdsData, everyMs, door} = this.#settings;
    await listen(this.#speaker.server, ports.watcher, address);
    await listen(this.#agent, ports.agent, address);
    if (holdsData) await listen(this.#door, door.port, door.host);
    this.#recovery.listens(peers.map(p => p.name));
    for (const peer of peers) this.#attend(peer);
    if (holdsData)
      this.#daemon = this.#doors.watchDaemon(
        this.#account(address),
        everyMs,
        told => {
          const now = performance.now();
          this.#brain.looked(told.word, told.look, now);
          this.#recovery.looked(sighting(told), now);
          this.#think();
        },
        this.#end.signal,
      );
    const timer = setInterval(() => {
      this.#speaker.say(this.#message(performance.now()));
      this.#think();
    }, everyMs);
    this.#end.signal.addEventListener("abort", () => clearInterval(timer));
  }

  stop(): void {
    this.#end.abort();
    this.#speaker.close();
    this.#agent.close();
    this.#door.close();
  }

  #message(now: number): Message {
    return {...this.#brain.message(now), recovery: this.#recovery.message(now)};
  }

  #account(host: string) {
    const {ports, user} = this.#settings;
    return {host, port: ports.admin, user, password: this.#secrets.password};
  }

  /** Keeps the connections to another member. */
  #attend({name, address, holdsData}: PeerSettings): void {
    const {ports, name: me} = this.#settings;
    const {signal} = this.#end;
    const met = (event: EvidenceEvent) => {
      this.#brain.met(name, event, performance.now());
      this.#think();
    };
    const told = (message: Message) => {
      const now = performance.now();
      this.#brain.told(name, message, now);
      const silent = {standing: null, cluster: null, recoveries: [], force: null};
      if (message.name === name) this.#recovery.told(name, message.recovery ?? silent, message.view !== null, now);
      this.#think();
    };
    const tried = () => this.#recovery.tried(name);
    void listenTo({host: address, port: ports.watcher}, this.#secrets.key, me, {met, told, tried}, signal);
    if (holdsData) void this.#doors.hold(this.#account(address), met, signal);
  }

  /** Decides and acts. Runs after everything that happened. */
  #think(): void {
    if (this.#end.signal.aborted) return;
    const now = performance.now();
    for (const name of this.#brain.doubtful(now)) void this.#probe(name);
    if (this.#settings.evicts) this.#decide(now);
    const message = this.#message(now);
    if (this.#speaker.isNew(message)) this.#speaker.say(message);
  }

  #decide(now: number): void {
    const decision = decide(this.#brain.sight(now));
    for (const name of decision.down) this.#downUntil.set(name, now + this.#settings.tellMs);
    this.#note(decision);
    if (decision.vote || decision.evict) this.#brain.did(decision, now);
    // The vote is heard before anybody acts on it.
    if (decision.vote) this.#speaker.say(this.#message(now));
    if (decision.evict || decision.clear) void this.#act(decision);
  }

  /** One line a decision that differs from the one before. */
  #note({vote, evict, clear, down, why}: Decision): void {
    const line = {
      why,
      vote: vote?.name,
      evict: evict?.name,
      clear: clear || undefined,
      down: down.join(",") || undefined,
    };
    const text = JSON.stringify(line);
    if (text === this.#said) return;
    this.#said = text;
    this.#log(line);
  }

  async #act({evict, clear}: Decision): Promise<void> {
    if (this.#busy && !evict) return;
    this.#busy = true;
    try {
      if (clear) await this.#daemon!.clear();
      if (evict) await this.#daemon!.evict(evict);
      this.#log({done: evict ? `evicted ${evict.name}` : "cleared the eviction list", id: evict?.id});
    } catch (error) {
      if (evict) this.#brain.refused(evict);
      this.#log({failed: firstLine(error), evict: evict?.name});
    } finally {
      this.#busy = false;
    }
  }

  async #probe(name: string): Promise<void> {
    if (this.#probing.has(name)) return;
    this.#probing.add(name);
    const {address} = this.#settings.peers.find(p => p.name === name)!;
    const {ports, unansweredMs, everyMs} = this.#settings;
    const result = await probe(address, ports.group, unansweredMs);
    this.#brain.met(name, {kind: "probed", result}, performance.now());
    // The next one after a pause; what it met is thought about at once.
    setTimeout(() => this.#probing.delete(name), everyMs / 2);
    this.#think();
  }
}

function sighting({look, cluster, outside}: Told): Sighting {
  const view = look?.view;
  if (view) return {primary: true, answers: true, members: view.members.map(m => m.name), cluster: cluster ?? null};
  return {primary: false, answers: outside === true};
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", error => reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`)));
    server.listen(port, host, resolve);
  });
}
