import {sessionsOf, setServer} from "../components/virtualip/orders.ts";
import {drain as drainBroker} from "../components/rabbitmq/state.ts";
import {state as proxyState} from "../components/virtualip/state.ts";
import {moveWriter} from "../components/virtualip/writer.ts";
import type {ComponentKind} from "./topology.ts";
import {LimitError, until} from "./limit.ts";
import {positiveDuration} from "../runner/scenario/values.ts";
import type {Target} from "../runner/targets/target.ts";
import {allRun, byLooks, type Fault, type Hit, processNames} from "../runner/faults/fault.ts";
import {eachFrontEnd, type ProxyMember, proxiesBefore} from "./proxies.ts";

const defaultWithinMs = 15_000;
const askMs = 60_000;

/** What the plan adds to the parameters. */
interface Planned {
  within: number;
  kind: ComponentKind;
  proxies: ProxyMember[];
  others: string[];
}

const plannedOf = ({params}: Hit) => params as unknown as Planned;

/** How a member is taken out on purpose, as before an update of its machine. */
export const drain: Fault = {
  kind: "drain",
  does: "New sessions go to other members, those that are open may end, then the member stops in good order. Down until healed.",
  keys: {
    within: positiveDuration
      .default(defaultWithinMs)
      .describe("How long open sessions may go on; those that are left are cut. Default 15s."),
  },
  passing: false,
  ofPlatform: false,
  injectMs: params => Number(params.within) + 2 * askMs,
  fits: (topology, _, where) =>
    "component" in where && topology.components.find(c => c.name === where.component)?.kind === "virtualip"
      ? [
          {
            key: "component",
            message: `is ${where.component}, an address. It is moved, with \`move\`, and its old holder stopped.`,
          },
        ]
      : [],
  plan: (members, {topology, params}) =>
    members.map(({component, member}) => ({
      member,
      params: {
        ...params,
        kind: component.kind,
        proxies: proxiesBefore(topology, component.name),
        others: component.members.map(m => m.name).filter(name => name !== member.name),
      },
    })),
  async inject(target, victim) {
    const {proxies, kind, within} = plannedOf(victim);
    const {name} = victim.member;
    await moveWrites(target, victim);
    await eachFrontEnd(target, proxies, frontEnd => setServer(frontEnd, name, "drain"));
    await untilIdle(target, proxies, name, within);
    if (kind === "rabbitmq") await target.exec(victim.member, drainBroker.command, askMs);
    await target.stop(victim.member);
  },
  evidence: byLooks((looks, {member}) =>
    looks.some(look => look.running) ? undefined : `${member.name}: ${processNames(looks)} stopped, drained before`,
  ),
  async heal(target, hit) {
    await target.start(hit.member);
    await eachFrontEnd(target, plannedOf(hit).proxies ?? [], frontEnd => setServer(frontEnd, hit.member.name, "ready"));
  },
  healed: allRun,
};

/** A server that is drained keeps what sticks to it: the writer's place must go to another first. */
async function moveWrites(target: Target, victim: Hit): Promise<void> {
  const {proxies, others} = plannedOf(victim);
  for (const {member, frontEnds} of proxies) {
    const said = await target.exec(member, proxyState.command, askMs).catch(() => undefined);
    const detail = said ? proxyState.parse(said).detail : {};
    for (const frontEnd of frontEnds) {
      if (detail.holds !== true || detail[`writer:${frontEnd}`] !== victim.member.name) continue;
      const next = others[0];
      if (next) await target.exec(member, moveWriter(frontEnd, next).command, askMs);
    }
  }
}

async function untilIdle(
  target: Target,
  proxies: readonly ProxyMember[],
  server: string,
  limitMs: number,
): Promise<void> {
  if (proxies.length === 0) return;
  const look = async () => {
    const answers = await eachFrontEnd(target, proxies, frontEnd => sessionsOf(frontEnd, server));
    const open = answers.reduce((sum, one) => sum + (one.answer ?? 0), 0);
    return open === 0 ? ({done: true} as const) : {seen: `${open} sessions are open`};
  };
  await until(`Sessions of ${server}`, {limitMs, everyMs: 200}, look).catch(error => {
    // Whoever holds a session for ever is cut by the stop, as the scenario's bounds will tell.
    if (!(error instanceof LimitError)) throw error;
  });
}
