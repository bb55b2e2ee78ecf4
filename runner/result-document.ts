import type {FaultResult, Result} from "../lib/result.ts";
import {besideMeasured, budgetsOf} from "./budget/scenario.ts";
import type {RunningLoad} from "./load.ts";
import {resultOf} from "./load-result.ts";
import type {MemberBounds} from "./member-bounds.ts";
import type {RunContext} from "./phases/context.ts";
import {excusesOf} from "./standstills/excuses.ts";
import {judge} from "./verdict.ts";

/** What a run saw. */
export interface Seen
  extends Pick<
    Result,
    "started" | "recoveredMs" | "members" | "logs" | "standstills" | "restarts" | "machine" | "command"
  > {
  loads: readonly RunningLoad[];
  /** All that were asked for, whether they hit anybody or not. */
  faults: readonly FaultResult[];
  memberBounds: MemberBounds;
  /** The recovery did not come within its limit. */
  neverRecovered?: string;
  /** What kept a phase from being done, in sentences. */
  troubles: readonly string[];
}

/** The document of a run with its verdict; its phases are not in it yet. */
export function documentOf({scenario, topology, random}: RunContext, seen: Seen): Result {
  const {loads, faults, memberBounds, recoveredMs, neverRecovered, troubles, logs, members, machine} = seen;
  const workloads = Object.fromEntries(loads.map(load => [load.name, resultOf(load)]));
  const histories = Object.fromEntries(loads.map(load => [load.name, load.client.history]));
  const excuses = excusesOf(seen.standstills, scenario, topology, faults);
  const planned = budgetsOf(scenario, topology);
  const budgets = besideMeasured(planned, {load: scenario.load, faults, histories, excuses});
  const {moved, twoHoldersMs, primaries, evictions} = memberBounds;
  const judged = judge(scenario, {
    ...{workloads, histories, faults, budgets, excuses},
    ...{recoveredMs, neverRecovered, healedAt: healedAt(faults), troubles},
    ...{moved, twoHoldersMs, primaries, evictions},
  });
  return {
    version: 1,
    scenario: scenario.name,
    summary: scenario.summary,
    stack: topology.stack,
    ...judged,
    ...(Object.keys(scenario.settings).length > 0 ? {settings: settingsOf(scenario)} : {}),
    seed: random.seed,
    command: seen.command,
    started: seen.started,
    ended: Date.now(),
    phases: [],
    workloads,
    faults: shownFaults(faults),
    ...(budgets.length > 0 ? {budgets} : {}),
    recoveredMs: scenario.faults.length === 0 ? undefined : recoveredMs,
    ...(logs ? {logs} : {}),
    members,
    ...(seen.standstills ? {standstills: seen.standstills} : {}),
    ...(seen.restarts ? {restarts: seen.restarts} : {}),
    machine,
  };
}

/** Those that hit somebody, or that tell why they did not. */
export function shownFaults(faults: readonly FaultResult[]): FaultResult[] {
  return faults.filter(f => f.members.length > 0 || f.evidence);
}

function healedAt(faults: readonly FaultResult[]): number | undefined {
  const healed = faults.map(f => f.healed);
  return healed.every(at => at !== undefined) && healed.length > 0 ? Math.max(...healed) : undefined;
}

function settingsOf({settings}: RunContext["scenario"]): Record<string, string> {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, text(value)]));
}
