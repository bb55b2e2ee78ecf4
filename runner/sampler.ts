import {setTimeout as sleep} from "node:timers/promises";
import {kindOf} from "../components/kinds.ts";
import {unlessAborted} from "../lib/limit.ts";
import type {Result} from "../lib/result.ts";
import type {MemberState} from "../lib/state/state.ts";
import type {Placed, Topology} from "../lib/topology.ts";
import {askState, membersOf, processTrouble} from "./members.ts";
import type {MemberNow} from "./phases/progress.ts";
import type {ProcessLook, Target} from "./targets/target.ts";

type Timeline = Result["members"][number];

/** How often it looks. */
const everyMs = 1000;

/** Watches every member during a run and keeps what changed. It asks the platform alone, which has the answer of each
 *  member's last health check: asking the members themselves would take the time that is being measured. */
export class Sampler {
  readonly #target: Target;
  readonly #members: {placed: Placed; line: Timeline; first?: readonly string[]}[];
  readonly #ask: ReadonlySet<string>;
  readonly #over = new AbortController();
  #running: Promise<void> | undefined;

  /** `ask`: components whose members are asked themselves all the same, because a bound needs it. */
  constructor(target: Target, topology: Topology, ask: readonly string[] = []) {
    this.#target = target;
    this.#ask = new Set(ask);
    this.#members = membersOf(topology).map(placed => ({
      placed,
      line: {member: placed.member.name, component: placed.component.name, zone: placed.member.zone, states: []},
    }));
  }

  start(): void {
    this.#running ??= this.#loop();
  }

  /** Takes a last look and ends. Once the signal is aborted, what it has by then is all. */
  async stop(signal?: AbortSignal): Promise<Timeline[]> {
    this.#over.abort();
    const last = async () => {
      await this.#running;
      await this.#sample();
    };
    await unlessAborted(signal, last()).catch(error => {
      if (!signal?.aborted) throw error;
    });
    return this.#members.map(m => structuredClone(m.line));
  }

  /** Last seen of each member; nothing of one that was not looked at yet. */
  now(): MemberNow[] {
    return this.#members.flatMap(({line: {member, component, states}}) => {
      const last = states.at(-1);
      return last ? [{member, component, state: last.state, healthy: last.healthy}] : [];
    });
  }

  /** Members of the component that had the role when it looked at them first. */
  first(component: string, role: string): Set<string> {
    const all = this.#members.filter(m => m.placed.component.name === component && m.first?.includes(role));
    return new Set(all.map(m => m.placed.member.name));
  }

  async #loop(): Promise<void> {
    const {signal} = this.#over;
    while (!signal.aborted) {
      await this.#sample();
      await sleep(everyMs, undefined, {signal}).catch(() => {});
    }
  }

  async #sample(): Promise<void> {
    await Promise.all(
      this.#members.map(async watched => {
        const {placed, line} = watched;
        const looks = await this.#target.look(placed.member).catch(() => undefined);
        const {state: text, healthy, roles, at} = await this.#stateOf(placed, looks);
        const state = withoutFigures(text);
        const last = line.states.at(-1);
        if (last?.state !== state || last.healthy !== healthy)
          line.states.push({at: Math.max(at, last?.at ?? 0), state, healthy});
        watched.first ??= roles;
      }),
    );
  }

  async #stateOf(placed: Placed, looks: readonly ProcessLook[] | undefined): Promise<MemberState & {at: number}> {
    const seen = stateFrom(placed, looks);
    if (!this.#ask.has(placed.component.name) || !looks || processTrouble(looks)) return seen;
    const asked = await askState(this.#target, placed, 2000);
    return {...asked, at: Date.now()};
  }
}

/** Figures that change all the time are no change of state: `serving, 12 items` is `serving`. */
export function withoutFigures(state: string): string {
  return state.replace(/, \d+ [a-z]+s\b/g, "");
}

/** What the platform's view tells about a member: its last health check where that asks for the state, else whether it
 *  passed. */
export function stateFrom(placed: Placed, looks: readonly ProcessLook[] | undefined): MemberState & {at: number} {
  const now = Date.now();
  const bare = {roles: [], detail: {}};
  if (!looks) return {...bare, healthy: false, state: "gone", at: now};
  const trouble = processTrouble(looks);
  // The platform knows when a process ended: what it held it has not held since, whenever that was noticed.
  const ended = looks.filter(look => !look.running && look.since > 0).map(look => look.since);
  if (trouble) return {...bare, healthy: false, state: trouble, at: Math.min(now, ...ended)};
  const {health, lastCheck, since} = looks[0]!;
  const healthy = health === undefined || health === "healthy";
  const question = kindOf(placed.component.kind).state;
  const current = lastCheck !== undefined && lastCheck.at >= since;
  if (!current || JSON.stringify(question.command) !== JSON.stringify(placed.member.health))
    return {...bare, healthy, state: health ?? "running", at: current ? lastCheck.at : now};
  const answer = question.parse({code: lastCheck.code, stdout: lastCheck.output, stderr: ""});
  return {...answer, healthy: answer.healthy && lastCheck.code === 0, at: lastCheck.at};
}
