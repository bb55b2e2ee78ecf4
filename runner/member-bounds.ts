import {askEvictions, type Evictions, evictionsBetween} from "./evictions.ts";
import type {RunContext} from "./phases/context.ts";
import {findRole} from "./roles/find.ts";
import type {Asking} from "./roles/role.ts";
import type {Pick} from "./scenario/scenario.ts";

/** What the bounds on members compare: who had a role and who has it now, how many evictions there were and how many there are. */
export class MemberBounds {
  readonly #context: RunContext;
  readonly #asking: () => Asking;
  #stayers: (string | undefined)[] = [];
  #evictedBefore: Evictions = {};
  /** Whether each role that must stay has moved, 0 or 1; undefined for one that nobody could be found for. */
  moved: (number | undefined)[] = [];
  /** Evictions during the load, by component. */
  evictions: Record<string, number | undefined> = {};

  constructor(context: RunContext, asking: () => Asking) {
    this.#context = context;
    this.#asking = asking;
  }

  /** Before the load. */
  async begin(): Promise<void> {
    this.#evictedBefore = await this.#askEvictions();
  }

  /** Before the faults are healed: whoever has a role by then must keep it. */
  async beforeHeal(): Promise<void> {
    this.#stayers = await this.#whoStays();
  }

  /** After the load. */
  async end(): Promise<void> {
    this.evictions = evictionsBetween(this.#evictedBefore, await this.#askEvictions());
    const now = await this.#whoStays();
    this.moved = this.#stayers.map((name, i) => (name && now[i] ? Number(name !== now[i]) : undefined));
  }

  #askEvictions(): Promise<Evictions> {
    const {target, topology, scenario} = this.#context;
    return askEvictions(target, topology, Object.keys(scenario.bounds.evictions));
  }

  /** Who has the roles that must not move; undefined for one that nobody can be found for. */
  async #whoStays(): Promise<(string | undefined)[]> {
    const {scenario, signal} = this.#context;
    if (signal.aborted) return [];
    const find = async (component: string, pick: Pick) => (await findRole(this.#asking(), component, pick)).name;
    return Promise.all(scenario.bounds.stays.map(({component, pick}) => find(component, pick).catch(() => undefined)));
  }
}
