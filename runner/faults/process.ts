import type {Look} from "../../lib/limit.ts";
import {oneOf, text} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import {allRun, type Fault, type Hit, type Victim} from "./fault.ts";

const limitMs = 5000;
const nameOf = ({params}: Pick<Hit, "params">) => params.name as string;
const stops = (params: Hit["params"]) => params.signal === "STOP";

/** A process inside a member, whatever container of the member it is in. */
interface Found {
  /** Process of the member (`main`, a companion) whose container it is in. */
  within: string;
  pid: number;
  state: string;
  /** Ticks since the machine started: numbers are used again. */
  started: string;
}

/** A daemon that dies or hangs inside a member, whose container goes on as long as its init does. */
export const process: Fault = {
  kind: "process",
  does: "Every process of that name inside the member ends without notice (KILL), or hangs until healed (STOP).",
  keys: {
    name: text("the name of a process, such as haproxy, mariadbd or beam.smp").describe(
      "Name of the program, without its path: haproxy, mariadbd, beam.smp, keepalived.",
    ),
    signal: oneOf(["KILL", "STOP"]).default("KILL").describe("KILL ends it, STOP freezes it. Default KILL."),
  },
  passing: params => !stops(params),
  detail: ({name, signal}) => `(${name}${signal === "STOP" ? ", STOP" : ""})`,
  check: ({name}) =>
    /^[\w.:-]+$/.test(String(name))
      ? []
      : [
          {
            key: "name",
            message: `is ${JSON.stringify(name)}. It takes a name without a path: letters, digits and .:-_`,
          },
        ],
  async able(target, members, params) {
    for (const member of members) {
      const found = await find(target, {member, params});
      if (found.length === 0) return `${member.name} has no process named ${nameOf({params})}.`;
    }
    return undefined;
  },
  async aim(target, victim) {
    if (stops(victim.params)) return undefined;
    const found = await find(target, victim);
    if (found.length === 0) throw new Error(`${victim.member.name} has no process named ${nameOf(victim)} now.`);
    signalled.set(victim, found);
    return {member: victim.member, only: byProcess(found)};
  },
  async inject(target, victim) {
    if (victim.shot) return;
    const found = await find(target, victim);
    if (found.length === 0) throw new Error(`${victim.member.name} has no process named ${nameOf(victim)} now.`);
    await signal(target, victim, found, stops(victim.params) ? "STOP" : "KILL");
    signalled.set(victim, found);
  },
  async evidence(target, victim) {
    return stops(victim.params) ? hangs(target, victim) : ended(target, victim);
  },
  async heal(target, hit) {
    const stopped = (await find(target, hit)).filter(one => one.state === "T");
    if (stopped.length > 0) await signal(target, hit, stopped, "CONT");
    await target.start(hit.member);
  },
  async healed(target, hit) {
    const runs = await allRun(target, hit);
    if ("seen" in runs) return runs;
    const found = await find(target, hit);
    if (found.length === 0) return {seen: `no process named ${nameOf(hit)}`};
    return found.some(one => one.state === "T") ? {seen: `${nameOf(hit)} hangs`} : {done: true};
  },
};

async function hangs(target: Target, victim: Victim): Promise<Look<string>> {
  const found = await find(target, victim);
  if (found.length === 0 || found.some(one => one.state !== "T")) return {seen: `${nameOf(victim)} does not hang`};
  return {done: `${victim.member.name}: ${nameOf(victim)} (${found.map(f => f.pid).join(", ")}) is stopped`};
}

/** Ended when none of those that were signalled is there, or the container itself ended with them. */
async function ended(target: Target, victim: Victim): Promise<Look<string>> {
  const {member} = victim;
  const before = signalled.get(victim);
  if (!before) return {seen: `${nameOf(victim)} runs as before`};
  const looks = await target.look(member);
  const within = looks.find(look => look.process === before[0]!.within);
  const was = victim.before.find(look => look.process === before[0]!.within);
  if (!within?.running || within.incarnation !== was?.incarnation)
    return {done: `${member.name}: ${nameOf(victim)} ended, and its container with it`};
  const found = await find(target, victim);
  const left = found.filter(one => before.some(b => b.pid === one.pid && b.started === one.started));
  if (left.length > 0) return {seen: `${nameOf(victim)} (${left.map(f => f.pid).join(", ")}) runs as before`};
  return {done: `${member.name}: ${nameOf(victim)} ended${found.length > 0 ? " and runs again" : ""}`};
}

/** What was signalled, because a process that ended is known by its absence alone. */
const signalled = new WeakMap<Victim, Found[]>();

async function signal(target: Target, {member}: Hit, found: readonly Found[], what: "KILL" | "STOP" | "CONT") {
  for (const {process, pids} of byProcess(found)) await target.signal(member, process, pids, what);
}

const byProcess = (found: readonly Found[]) =>
  [...Map.groupBy(found, one => one.within)].map(([process, them]) => ({process, pids: them.map(one => one.pid)}));

/** Every process of that name, in every container of the member that runs. */
async function find(target: Target, {member, params}: Hit): Promise<Found[]> {
  const looks = await target.look(member);
  const asked = looks.filter(look => look.process !== "net" && look.running && !look.paused);
  const found = await Promise.all(
    asked.map(async ({process}) => {
      const output = await target
        .exec(member, ["sh", "-c", script, "sh", nameOf({params})], limitMs, process)
        .catch(() => undefined);
      return (output?.stdout ?? "").split("\n").flatMap(line => {
        const [pid, state, started] = line.split(" ");
        return started ? [{within: process, pid: Number(pid), state: state!, started}] : [];
      });
    }),
  );
  return found.flat();
}

/** Prints number, state and start of each process that is named $1, by the kernel or by the program that was started (a
 *  Node program calls itself MainThread). With what every image has: they have no procps. */
const script = `name=$1
for d in /proc/[0-9]*; do
  read -r comm <"$d/comm" || continue
  program=$(tr "\\0" "\\n" <"$d/cmdline" | head -n 1)
  [ "$comm" = "$name" ] || [ "\${program##*/}" = "$name" ] || continue
  read -r line <"$d/stat" || continue
  set -- \${line##*) }
  [ "$1" = Z ] || echo "\${d#/proc/} $1 \${20}"
done 2>/dev/null`;
