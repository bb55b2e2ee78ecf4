import {unlessAborted, within} from "../lib/limit.ts";
import {firstLine, InputError} from "../lib/problems.ts";
import {type Phase, type Result, worse} from "../lib/result.ts";
import type {Asking} from "../lib/roles.ts";
import {describeFault, describeTime} from "./faults/describe.ts";
import {withSchedule} from "./faults/schedule.ts";
import {countsOf, cutLoads, type RunningLoad, removeLoads, startLoads} from "./load.ts";
import {heldAddresses, MemberBounds} from "./member-bounds.ts";
import {sleepUntil} from "./moments.ts";
import {makeAble, UnableError} from "./phases/able.ts";
import type {RunContext} from "./phases/context.ts";
import {askConverged, type Converge} from "./phases/converge.ts";
import {collectLogs} from "./phases/logs.ts";
import {waitReady} from "./phases/ready.ts";
import {Sequence} from "./phases/sequence.ts";
import {settle} from "./phases/settle.ts";
import {queuesOf} from "./queues.ts";
import {lookAtProcesses, type Processes, restartsBetween} from "./restarts.ts";
import {documentOf, shownFaults} from "./result-document.ts";
import {arrangeWriters} from "./roles/arrange.ts";
import {askingOf} from "./roles/asking.ts";
import {Sampler} from "./sampler.ts";
import {longestMs} from "./scenario/longest.ts";
import {type Watch, watchMachine} from "./standstills/watch.ts";
import {interruptedText, TimeLimit} from "./time-limit.ts";

/** Limits of the phases that have none of their own. */
const limits = {
  clientReadyMs: 60_000,
  stopMs: 30_000,
  // A broker takes up to a minute to say that a queue is not there, and is asked twice.
  readMs: 150_000,
  logsMs: 60_000,
  machineMs: 10_000,
  machineCutMs: 1000,
};

/** How often whoever watches is told how things stand. */
const lookEveryMs = 200;

export interface RunOptions extends RunContext {
  /** The command that repeats the run. */
  command: string;
  /** Whether a preview with refresh shows no change; absent when it is not asked. */
  converge?: Converge;
}

/** Runs a scenario on its stack, which stands, and gives its result. It never throws once it has begun: what goes wrong
 *  makes the verdict unknown, and faults are healed in any case. */
export async function runScenario(options: RunOptions): Promise<Result> {
  return new ScenarioRun(options).run();
}

class ScenarioRun {
  readonly #options: RunOptions;
  readonly #started = Date.now();
  readonly #phases: Result["phases"] = [];
  readonly #troubles: string[] = [];
  readonly #sampler: Sampler;
  readonly #sequence: Sequence;
  readonly #memberBounds: MemberBounds;
  #loads: RunningLoad[] = [];
  #machine: Watch | undefined;
  #standstills: Result["standstills"];
  #processes: Processes = new Map();
  #restarts: Result["restarts"];
  #loadFrom = 0;
  #recoveredMs: number | undefined;
  #neverRecovered: string | undefined;
  #members: Result["members"] = [];
  #logs: Result["logs"];
  #limit: TimeLimit;
  #impossible: unknown;

  constructor(given: RunOptions) {
    this.#limit = new TimeLimit(given.scenario.limitMs, given.signal);
    const options = this.#withChaos({...given, signal: this.#limit.signal});
    this.#options = options;
    this.#sampler = new Sampler(options.target, options.topology, heldAddresses(options.scenario));
    this.#sequence = new Sequence(options, options.scenario.faults);
    this.#memberBounds = new MemberBounds(options, () => this.#asking());
  }

  /** A schedule that is impossible is told when the run is made ready. */
  #withChaos(options: RunOptions): RunOptions {
    try {
      return {...options, scenario: withSchedule(options.scenario, options.topology, options.random.seed)};
    } catch (error) {
      this.#impossible = error;
      return options;
    }
  }

  async run(): Promise<Result> {
    const {signal} = this.#options;
    const ticking = this.#tick();
    try {
      await this.#phase("ready", () => this.#ready());
      await this.#phase("load", () => this.#load());
      await this.#phase("fault", () => this.#sequence.run(this.#loadFrom, this.#asking()));
    } catch (error) {
      this.#trouble(error);
    }
    const healing = this.#always("heal", () => this.#heal());
    // Clients whose service does not come back take their time to stop: that begins at once.
    const early = signal.aborted ? cutLoads(this.#loads) : undefined;
    await Promise.all([healing, early]);
    for (const [name, action] of [
      ["settle", () => this.#settle()],
      ["read", () => this.#read()],
    ] as const)
      if (this.#loads.length > 0 && !signal.aborted) await this.#always(name, () => unlessAborted(signal, action()));
    if (signal.aborted && !early) await cutLoads(this.#loads);
    ticking.stop();
    for (const {name, proxy} of this.#loads)
      if (proxy?.ended) this.#trouble(new Error(`The proxy of workload ${name} ended, and its clients with it.`));
    this.#members = await this.#sampler.stop(signal);
    this.#standstills = await this.#machine?.stop(signal);
    await removeLoads(this.#loads);
    await this.#options.target.removeClients(run => run === this.#options.run).catch(error => this.#trouble(error));
    await unlessAborted(signal, this.#askLogs()).catch(error => this.#trouble(error));
    await this.#collectLogs();
    const result = await this.#verdict();
    if (!signal.aborted) await this.#converge(result);
    this.#limit.end();
    this.#options.journal.end();
    return {...result, phases: this.#phases, ended: Date.now()};
  }

  async #ready(): Promise<void> {
    const {scenario, target, topology, progress, signal} = this.#options;
    if (this.#impossible) throw this.#impossible;
    if (scenario.chaos)
      progress.say(
        `Schedule: ${scenario.faults.map(plan => `${describeFault(plan)} ${describeTime(plan)}`).join("; ")}`,
      );
    await waitReady(this.#options);
    for (const line of await unlessAborted(signal, arrangeWriters(this.#asking(), scenario))) progress.say(line);
    await unlessAborted(signal, this.#memberBounds.begin());
    this.#processes = await unlessAborted(signal, lookAtProcesses(target, topology));
    const {say} = progress;
    const watching = watchMachine({...this.#options, stack: topology.stack, say}).catch(error =>
      say(`The machine cannot be watched, so nothing is laid to it: ${firstLine(error)}`),
    );
    this.#loads = await startLoads(this.#options, this.#longest()).finally(async () => {
      this.#machine = (await watching) ?? undefined;
    });
    await unlessAborted(signal, Promise.all(this.#loads.map(load => load.client.ready(limits.clientReadyMs))));
    await unlessAborted(signal, makeAble(this.#options, scenario.faults, this.#asking()));
  }

  /** Begins the load; the phase lasts until the first fault is due. */
  async #load(): Promise<void> {
    this.#sampler.start();
    this.#loadFrom = Date.now();
    await Promise.all(this.#loads.map(load => load.client.start()));
    const first = this.#sequence.firstMs ?? this.#options.scenario.durationMs;
    await sleepUntil(this.#loadFrom + first, this.#options.signal);
  }

  async #heal(): Promise<void> {
    const {signal} = this.#options;
    await unlessAborted(signal, this.#memberBounds.beforeHeal()).catch(error => {
      if (!signal.aborted) throw error;
    });
    for (const error of await this.#sequence.heal()) this.#trouble(error);
  }

  async #settle(): Promise<void> {
    const {scenario, signal} = this.#options;
    const since = Math.max(...this.#faults.map(f => f.result.healing ?? 0), this.#faults.length ? 0 : Date.now());
    try {
      this.#recoveredMs = await settle(this.#options, since);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#neverRecovered = firstLine(error);
    }
    await sleepUntil(this.#loadFrom + scenario.durationMs, signal);
  }

  async #read(): Promise<void> {
    await this.#memberBounds.end();
    const now = await lookAtProcesses(this.#options.target, this.#options.topology);
    this.#restarts = restartsBetween(
      this.#processes,
      now,
      this.#faults.map(f => f.result),
    );
    await Promise.all(this.#loads.map(load => load.client.stop(limits.stopMs)));
    await Promise.all(this.#loads.filter(load => load.plugin.readsBack).map(load => load.client.read(limits.readMs)));
    await Promise.all(this.#loads.map(load => load.client.end()));
  }

  async #askLogs(): Promise<void> {
    if (this.#loadFrom === 0 || this.#options.signal.aborted) return;
    const watched = {from: this.#loadFrom, to: Date.now(), sampler: this.#sampler, faults: this.#faults};
    for (const error of await this.#memberBounds.askLogs(watched)) this.#trouble(error);
  }

  /** What members said is no part of the verdict: without it the report has that part less. */
  async #collectLogs(): Promise<void> {
    const {signal, progress} = this.#options;
    const hit = shownFaults(this.#faults.map(f => f.result));
    if (hit.length === 0 || signal.aborted) return;
    const logs = within(limits.logsMs, "The logs of the members", collectLogs(this.#options, hit));
    this.#logs = await unlessAborted(signal, logs).catch(error => {
      if (signal.aborted) this.#trouble(error);
      else progress.say(firstLine(error));
      return undefined;
    });
  }

  async #verdict(): Promise<Result> {
    const {target, progress, command, signal} = this.#options;
    const machineMs = signal.aborted ? limits.machineCutMs : limits.machineMs;
    const from = Date.now();
    progress.phase("verdict");
    const result = documentOf(this.#options, {
      started: this.#started,
      command,
      loads: this.#loads,
      faults: this.#faults.map(f => f.result),
      memberBounds: this.#memberBounds,
      recoveredMs: this.#recoveredMs,
      neverRecovered: this.#neverRecovered,
      troubles: this.#troubles,
      logs: this.#logs,
      members: this.#members,
      standstills: this.#standstills,
      restarts: this.#restarts,
      machine: await within(machineMs, "The machine", target.machine()).catch(() => ({})),
    });
    this.#phases.push({name: "verdict", from, to: Date.now()});
    return result;
  }

  async #converge(result: Result): Promise<void> {
    const {converge, signal} = this.#options;
    if (!converge) return;
    await this.#always("converge", async () => {
      const {converged, blame} = await askConverged(converge, signal, () => this.#limit.cut);
      result.converged = converged;
      if (!blame) return;
      result.verdict = worse(result.verdict, blame.verdict);
      result.reasons.push(blame.reason);
      delete result.machineAlone;
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
    const {cut} = this.#limit;
    const text = cut ?? wordsOf(error);
    if (this.#troubles.includes(text)) return;
    this.#troubles.push(text);
    if (cut !== interruptedText) this.#options.progress.say(text);
  }

  get #faults() {
    return this.#sequence.faults;
  }

  #asking(): Asking {
    return askingOf(this.#options, component => queuesOf(this.#loads, component));
  }

  #tick(): {stop(): void} {
    const timer = setInterval(() => {
      if (this.#loads.length === 0 || this.#loadFrom === 0) return;
      const faults = this.#faults.filter(f => f.result.members.length > 0).map(f => f.result);
      this.#options.progress.look({loads: countsOf(this.#loads), faults, members: this.#sampler.now()});
    }, lookEveryMs);
    return {stop: () => clearInterval(timer)};
  }

  /** The load ends by itself after this, whatever happens to the runner. */
  #longest(): number {
    const {scenario} = this.#options;
    const last = Math.max(scenario.durationMs, longestMs(scenario.faults, scenario.bounds.recovered));
    return last + scenario.bounds.recovered + 120_000;
  }
}

/** What cannot be injected or is no schedule is told whole: it says what to do about it. */
function wordsOf(error: unknown): string {
  return error instanceof UnableError || error instanceof InputError ? error.message : firstLine(error);
}
