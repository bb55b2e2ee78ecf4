import {kindOf} from "../components/kinds.ts";
import {within} from "../lib/limit.ts";
import type {Asking} from "../lib/roles.ts";
import {askEvictions, type Evictions, evictionsBetween} from "./evictions.ts";
import {twoHolders, type Watched} from "./holders.ts";
import type {RunContext} from "./phases/context.ts";
import {primaries} from "./primaries.ts";
import {findRole} from "./roles/find.ts";
import type {Sampler} from "./sampler.ts";
import type {Scenario} from "./scenario/scenario.ts";

/** Longest time for reading the logs of one component. */
const logsMs = 60_000;

/** Components whose holders of the address a bound is about. */
export function heldAddresses({bounds}: Scenario): string[] {
  return [...new Set([...Object.keys(bounds.holders), ...bounds.twoHolders])];
}

/** What the bounds on members compare: who had a role and who has it now, how many evictions there were and how many
 *  there are, and what members logged meanwhile. */
export class MemberBounds {
  readonly #context: RunContext;
  readonly #asking: () => Asking;
  #stayers: (string | undefined)[] = [];
  #evictedBefore: Evictions = {};
  /** Whether each role that must stay has moved, 0 or 1; undefined for one that nobody could be found for. */
  moved: (number | undefined)[] = [];
  /** Evictions during the load, by component. */
  evictions: Record<string, number | undefined> = {};
  /** Longest time that two members held the address, by component; undefined where nobody was seen to or no log could
   *  be read. */
  twoHoldersMs: Record<string, number | undefined> = {};
  /** Primary components at the same time, by cluster; undefined where no log could be read. */
  primaries: Record<string, number | undefined> = {};

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

  /** After everything, because reading logs costs processor time. Gives what kept it from knowing. */
  async askLogs({from, to, sampler, faults}: {from: number; to: number; sampler: Sampler; faults: Watched["faults"]}) {
    const {target, topology, scenario} = this.#context;
    const troubles: unknown[] = [];
    const read = (what: string, reading: Promise<number | undefined>) =>
      within(logsMs, what, reading).catch(error => void troubles.push(error));
    for (const component of topology.components) {
      const {name} = component;
      const {address, views} = kindOf(component.kind).witness;
      if (address && heldAddresses(scenario).includes(name)) {
        const watched = {span: {from, to}, first: sampler.first(name, address.role), faults};
        this.twoHoldersMs[name] = await read(`Who held the address of ${name}`, twoHolders(target, component, watched));
      }
      if (views && faults.length > 0)
        this.primaries[name] = await read(`The views of ${name}`, primaries(target, component, {from, to, faults}));
    }
    return troubles;
  }

  #askEvictions(): Promise<Evictions> {
    const {target, topology, scenario} = this.#context;
    return askEvictions(target, topology, Object.keys(scenario.bounds.evictions));
  }

  /** Who has the roles that must not move; undefined for one that nobody can be found for. */
  async #whoStays(): Promise<(string | undefined)[]> {
    const {scenario, signal} = this.#context;
    if (signal.aborted) return [];
    const find = async (component: string, pick: string) => (await findRole(this.#asking(), component, pick)).name;
    return Promise.all(scenario.bounds.stays.map(({component, pick}) => find(component, pick).catch(() => undefined)));
  }
}
