import {within} from "../../lib/limit.ts";
import type {FaultResult, MemberLog} from "../../lib/result.ts";
import {printable} from "../../lib/terminal.ts";
import {findMember, type Topology, type TopologyMember} from "../../lib/topology.ts";
import {frontEndsBefore} from "../front-ends.ts";
import {type Redact, redactor} from "../redact.ts";
import type {ProcessLog, Target} from "../targets/target.ts";
import type {RunContext} from "./context.ts";

/** What of a fault is of interest: a little before it and longer after it, milliseconds; the same around its
 *  healing. */
const [beforeMs, afterMs] = [2000, 5000];
/** Lines of one process in one window, and of all together: a report is to be sent and opened. */
const limits = {each: 200, least: 20, all: 6000};
/** Characters of one line. */
const longest = 400;
/** Longest time for the logs of one member. */
const limitMs = 15_000;

/** What the members wrote around each fault and its healing: those that it hit, the others of their components, and the
 *  proxies before them. Read after the load has ended, because it costs processor time. A member whose logs cannot be
 *  had is left out. */
export async function collectLogs(
  {target, topology, secrets}: Pick<RunContext, "target" | "topology" | "secrets">,
  faults: readonly FaultResult[],
): Promise<MemberLog[]> {
  const wanted = faults.flatMap((fault, i) =>
    concerned(topology, fault).map(member => ({fault: i, member, windows: windowsOf(fault)})),
  );
  const windows = wanted.reduce((sum, {windows}) => sum + windows.length, 0);
  const lines = Math.max(limits.least, Math.min(limits.each, Math.floor(limits.all / Math.max(1, windows))));
  const redact = redactor(secrets);
  const logs: MemberLog[] = [];
  // One after the other: the engine reads whole files for it.
  for (const {fault, member, windows} of wanted) {
    const read = readAll(target, member, windows, lines);
    const all = await within(limitMs, `The logs of ${member.name}`, read).catch(() => []);
    for (const log of all) if (log.lines.length > 0) logs.push({fault, member: member.name, ...tidy(log, redact)});
  }
  return logs;
}

/** The members that were hit, then the others of their components, then the proxies that send clients to them. */
function concerned(topology: Topology, {members}: FaultResult): TopologyMember[] {
  const hit = members.flatMap(name => findMember(topology, name) ?? []);
  const components = new Set(hit.map(h => h.component));
  const proxies = [...components].flatMap(({name}) => frontEndsBefore(topology, name).map(one => one.proxy));
  const peers = [...new Set([...components, ...proxies])]
    .flatMap(c => c.members)
    .filter(m => !members.includes(m.name));
  return [...hit.map(h => h.member), ...peers];
}

/** From a little before to a while after a fault, and around its healing; one window where the two meet. */
export function windowsOf({injected, healed}: Pick<FaultResult, "injected" | "healed">): Window[] {
  const around = (at: number): Window => ({since: at - beforeMs, until: at + afterMs});
  const first = around(injected);
  if (healed === undefined) return [first];
  const second = around(healed);
  return second.since <= first.until ? [{since: first.since, until: second.until}] : [first, second];
}

interface Window {
  since: number;
  until: number;
}

async function readAll(
  target: Target,
  member: TopologyMember,
  windows: Window[],
  lines: number,
): Promise<ProcessLog[]> {
  const parts: ProcessLog[] = [];
  for (const window of windows) parts.push(...(await target.logs(member, {...window, lines})));
  const processes = [...new Set(parts.map(part => part.process))];
  return processes.map(process => {
    const own = parts.filter(part => part.process === process);
    return {process, lines: own.flatMap(p => p.lines), more: own.reduce((sum, p) => sum + p.more, 0)};
  });
}

/** Secrets go before anything is cut, so that no half of one is left. */
function tidy({process, lines, more}: ProcessLog, redact: Redact): Omit<MemberLog, "fault" | "member"> {
  const clean = (text: string) => {
    const whole = redact(printable(text)).trimEnd();
    return whole.length > longest ? `${whole.slice(0, longest).toWellFormed()}…` : whole;
  };
  return {process, lines: lines.map(line => ({...line, text: clean(line.text)})), ...(more > 0 ? {more} : {})};
}
