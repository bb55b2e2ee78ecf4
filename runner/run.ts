import {setTimeout as sleep} from "node:timers/promises";
import {summarise} from "../lib/analysis/summary.ts";
import {type Phase, type Result, type WorkloadResult, worse} from "../lib/result.ts";
import {within} from "./limit.ts";
import {countsOf, type RunningLoad, removeLoads, startLoads} from "./load.ts";
import {askState, firstLine} from "./members.ts";
import type {RunContext} from "./phases/context.ts";
import {endOf, findAheadMs, injectAll, RunningFault} from "./phases/faults.ts";
import {waitReady} from "./phases/ready.ts";
import {settle} from "./phases/settle.ts";
import {queuesOf} from "./queues.ts";
import {findRole} from "./roles/find.ts";
import {gather} from "./roles/gather.ts";
import type {Asking} from "./roles/role.ts";
import {Sampler} from "./sampler.ts";
import type {Pick} from "./scenario/scenario.ts";
import {judge} from "./verdict.ts";

/** Limits of the phases that have none of their own. */
const limits = {clientReadyMs: 60_000, stopMs: 30_000, readMs: 60_000, shortMs: 5000, convergeMs: 120_000};

export interface RunOptions extends RunContext {
  /** The command that repeats the run. */
  command: string;
  /** Whether a preview with refresh shows no change; absent when it is not asked. */
  converge?: (signal: AbortSignal) => Promise<{converged: boolean; detail: string}>;
}

/** Runs a scenario on its stack, which stands, and gives its result. It never throws once it has begun: what goes wrong makes the
 *  verdict unknown, and faults are healed in any case. */
export async function runScenario(options: RunOptions): Promise<Result> {
  return new ScenarioRun(options).run();
}

class ScenarioRun {
  readonly #options: RunOptions;
  readonly #started = Date.now();
  readonly #phases: Result["phases"] = [];
  readonly #troubles: string[] = [];
  readonly #sampler: Sampler;
  readonly #faults: RunningFault[];
  #loads: RunningLoad[] = [];
  #loadFrom = 0;
  #recoveredMs: number | undefined;
  #stayers: (string | undefined)[] = [];
  #moved: (number | undefined)[] = [];
  #neverRecovered: string | undefined;
  #members: Result["members"] = [];

  constructor(options: RunOptions) {
    this.#options = options;
    this.#sampler = new Sampler(options.target, options.topology, Object.keys(options.scenario.bounds.holders));
    this.#faults = options.scenario.faults.map(plan => new RunningFault(options, plan));
  }

  async run(): Promise<Result> {
    const {signal} = this.#options;
    const ticking = this.#tick();
    try {
      await this.#phase("ready", () => this.#ready());
      await this.#phase("load", () => this.#load());
      await this.#phase("fault", () => injectAll(this.#faults, this.#loadFrom, this.#asking(), signal));
    } catch (error) {
      this.#trouble(error);
    }
    await this.#always("heal", () => this.#heal());
    if (this.#loads.length > 0 && !signal.aborted) {
      await this.#always("settle", () => this.#settle());
      await this.#always("read", () => this.#read());
    }
    // After an interrupt there is no final read, but what was done until then is told.
    if (signal.aborted) await Promise.all(this.#loads.map(load => load.client.stop(limits.shortMs)));
    if (signal.aborted) await Promise.all(this.#loads.map(load => load.client.end(limits.shortMs)));
    ticking.stop();
    this.#members = await this.#sampler.stop();
    await removeLoads(this.#loads);
    const result = await this.#verdict();
    if (!signal.aborted) await this.#converge(result);
    this.#options.journal.end();
    return {...result, phases: this.#phases, ended: Date.now()};
  }

  async #ready(): Promise<void> {
    const {scenario, progress} = this.#options;
    await waitReady(this.#options);
    for (const {where} of scenario.faults)
      if ("zoneOf" in where) for (const line of await gather(this.#asking(), where.zoneOf)) progress.say(line);
    this.#loads = await startLoads(this.#options, this.#longest());
    await Promise.all(this.#loads.map(load => load.client.ready(limits.clientReadyMs)));
  }

  /** Begins the load; the phase lasts until the first fault is due. */
  async #load(): Promise<void> {
    this.#sampler.start();
    this.#loadFrom = Date.now();
    await Promise.all(this.#loads.map(load => load.client.start()));
    const first = Math.min(
      ...this.#faults.map(f => f.plan.atMs - findAheadMs),
      this.#faults.length ? Number.POSITIVE_INFINITY : this.#options.scenario.durationMs,
    );
    await sleep(Math.max(0, this.#loadFrom + first - Date.now()), undefined, {signal: this.#options.signal});
  }

  async #heal(): Promise<void> {
    this.#stayers = await this.#whoStays();
    const healed = await Promise.allSettled(this.#faults.map(fault => fault.heal()));
    for (const one of healed) if (one.status === "rejected") this.#trouble(one.reason);
  }

  /** Who has the roles that must not move; undefined for one that nobody can be found for. */
  async #whoStays(): Promise<(string | undefined)[]> {
    const {scenario, signal} = this.#options;
    if (signal.aborted) return [];
    const find = async (component: string, pick: Pick) => (await findRole(this.#asking(), component, pick)).name;
    return Promise.all(scenario.bounds.stays.map(({component, pick}) => find(component, pick).catch(() => undefined)));
  }

  async #settle(): Promise<void> {
    const {scenario, signal} = this.#options;
    const since = Math.max(...this.#faults.map(f => f.healBegan ?? 0), this.#faults.length ? 0 : Date.now());
    try {
      this.#recoveredMs = await settle(this.#options, since);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#neverRecovered = firstLine(error);
    }
    await sleep(Math.max(0, this.#loadFrom + scenario.durationMs - Date.now()), undefined, {signal});
  }

  async #read(): Promise<void> {
    const now = await this.#whoStays();
    this.#moved = this.#stayers.map((name, i) => (name && now[i] ? Number(name !== now[i]) : undefined));
    await Promise.all(this.#loads.map(load => load.client.stop(limits.stopMs)));
    await Promise.all(this.#loads.filter(load => load.plugin.readsBack).map(load => load.client.read(limits.readMs)));
    await Promise.all(this.#loads.map(load => load.client.end()));
  }

  async #verdict(): Promise<Result> {
    const {scenario, topology, random, command, target} = this.#options;
    const from = Date.now();
    this.#options.progress.phase("verdict");
    const workloads = Object.fromEntries(this.#loads.map(load => [load.name, resultOf(load)]));
    const machine = await target.machine().catch(() => ({}));
    const judged = judge(scenario, {
      workloads,
      histories: Object.fromEntries(this.#loads.map(load => [load.name, load.client.history])),
      faults: this.#faults.map(f => f.result),
      recoveredMs: this.#recoveredMs,
      neverRecovered: this.#neverRecovered,
      healedAt: this.#healedAt(),
      moved: this.#moved,
      twoHoldersMs: Object.fromEntries(
        Object.keys(scenario.bounds.holders).map(name => [name, this.#sampler.twoHolders(name)]),
      ),
      troubles: this.#troubles,
    });
    this.#phases.push({name: "verdict", from, to: Date.now()});
    return {
      version: 1,
      scenario: scenario.name,
      summary: scenario.summary,
      stack: topology.stack,
      ...judged,
      ...(Object.keys(scenario.settings).length > 0 ? {settings: settingsOf(scenario)} : {}),
      seed: random.seed,
      command,
      started: this.#started,
      ended: Date.now(),
      phases: [],
      workloads,
      faults: this.#faults.filter(f => f.result.members.length > 0 || f.result.evidence).map(f => f.result),
      recoveredMs: scenario.faults.length === 0 ? undefined : this.#recoveredMs,
      members: this.#members,
      machine,
    };
  }

  async #converge(result: Result): Promise<void> {
    const {converge, signal} = this.#options;
    if (!converge) return;
    const blame = (verdict: "fail" | "unknown", reason: string) => {
      result.verdict = worse(result.verdict, verdict);
      result.reasons.push(reason);
    };
    await this.#always("converge", async () => {
      try {
        const {converged, detail} = await within(limits.convergeMs, "The preview", converge(signal));
        result.converged = converged;
        if (!converged) blame("fail", `The stack did not converge: ${detail}`);
      } catch (error) {
        blame("unknown", `Whether the stack converged is not known: ${firstLine(error)}`);
      }
    });
  }

  async #phase(name: Phase, action: () => Promise<void>): Promise<void> {
    this.#options.signal.throwIfAborted();
    await this.#always(name, action, true);
  }

  /** A phase that is done whatever happened before. */
  async #always(name: Phase, action: () => Promise<void>, fatal = false): Promise<void> {
    const phase = {name, from: Date.now(), to: Date.now()};
    this.#options.progress.phase(name);
    try {
      await action();
    } catch (error) {
      if (fatal) throw error;
      this.#trouble(error);
    } finally {
      phase.to = Date.now();
      this.#phases.push(phase);
    }
  }

  #trouble(error: unknown): void {
    const interrupted = this.#options.signal.aborted;
    const text = interrupted ? "The run was interrupted." : firstLine(error);
    if (!this.#troubles.includes(text)) this.#troubles.push(text);
    if (!interrupted) this.#options.progress.say(text);
  }

  #healedAt(): number | undefined {
    const healed = this.#faults.map(f => f.result.healed);
    return healed.every(at => at !== undefined) && healed.length > 0 ? Math.max(...healed) : undefined;
  }

  #asking(): Asking {
    const {target, topology, random} = this.#options;
    return {
      topology,
      random,
      state: placed => askState(target, placed, 5000),
      ask: async (member, question) => {
        const output = await target.exec(member, question.command, 5000).catch(() => undefined);
        return output && question.parse(output);
      },
      queues: component => queuesOf(this.#loads, component),
    };
  }

  #tick(): {stop(): void} {
    const timer = setInterval(() => {
      if (this.#loads.length > 0 && this.#loadFrom > 0) this.#options.progress.load(countsOf(this.#loads));
    }, 1000);
    return {stop: () => clearInterval(timer)};
  }

  /** The load ends by itself after this, whatever happens to the runner. */
  #longest(): number {
    const {scenario} = this.#options;
    const last = Math.max(scenario.durationMs, ...scenario.faults.map(endOf));
    return last + scenario.bounds.recovered + 120_000;
  }
}

function settingsOf({settings}: RunContext["scenario"]): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, text(value)]));
}

function resultOf({plan, plugin, client, endpoint}: RunningLoad): WorkloadResult {
  const {workload, clients, rate} = plan;
  const found = plugin.check(client.history);
  return summarise({workload, endpoint: endpoint.name, clients, rate}, client.history, found);
}
