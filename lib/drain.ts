import {LimitError, until} from "./limit.ts";
import {type Hands, type Operation, processNames, type Work} from "./operation.ts";
import type {ProxyMember} from "./proxies.ts";
import type {StateQuestion} from "./state/state.ts";
import type {TopologyMember} from "./topology.ts";

const defaultWithinMs = 15_000;
const askMs = 60_000;
/** Longest wait for one answer of a proxy. */
const proxyMs = 5000;

/** What a kind adds to {@link drain}. */
interface Own {
  /** Makes the member hand over to the others what it does for them, before it is stopped. */
  handOver?: StateQuestion<boolean>;
  refuses?: Operation["refuses"];
}

/** How a member is taken out on purpose, as before an update of its machine. */
export function drain({handOver, refuses}: Own = {}): Operation {
  return {
    name: "drain",
    does: "New sessions go to other members, those that are open may end, then the member stops in good order. Down until healed.",
    options: {
      within: {
        defaultMs: defaultWithinMs,
        text: "How long open sessions may go on; those that are left are cut. Default 15s.",
      },
    },
    passing: false,
    takes: "anything",
    ...(refuses ? {refuses} : {}),
    elsewhere: "has members that cannot be drained.",
    limitMs: ({within}) => Number(within) + 2 * askMs,
    async run(hands, work) {
      const {proxies, member} = work;
      await moveWrites(hands, work);
      await setAll(hands, work, "drain");
      await untilIdle(hands, proxies, member.name, Number(work.options.within));
      if (handOver) await hands.exec(member, handOver.command, askMs);
      await hands.stop(member);
    },
    async evidence(hands, {member}) {
      const looks = await hands.look(member);
      return looks.some(look => look.running)
        ? {seen: "its processes run as before"}
        : {done: `${member.name}: ${processNames(looks)} stopped, drained before`};
    },
    async end(hands, work) {
      await hands.start(work.member);
      await setAll(hands, work, "ready");
    },
  };
}

/** A server that is drained keeps what sticks to it: the writer's place must go to another first. */
async function moveWrites(hands: Hands, {member: victim, others, proxies}: Work): Promise<void> {
  const next = others[0]?.name;
  for (const {member, frontEnds, is} of proxies) {
    const said = await hands.exec(member, is.state.command, askMs).catch(() => undefined);
    const state = said && is.state.parse(said);
    for (const frontEnd of frontEnds) {
      if (!state || !is.holds(state) || is.writerAt(state, frontEnd) !== victim.name) continue;
      if (next) await hands.exec(member, is.moveWriter(frontEnd, next).command, askMs);
    }
  }
}

const setAll = (hands: Hands, {member, proxies}: Work, state: "drain" | "ready") =>
  eachFrontEnd(hands, proxies, ({is}, frontEnd) => is.setServer(frontEnd, member.name, state));

async function untilIdle(
  hands: Hands,
  proxies: readonly ProxyMember[],
  server: string,
  limitMs: number,
): Promise<void> {
  if (proxies.length === 0) return;
  const look = async () => {
    const answers = await eachFrontEnd(hands, proxies, ({is}, frontEnd) => is.sessionsOf(frontEnd, server));
    const open = answers.reduce((sum, one) => sum + (one.answer ?? 0), 0);
    return open === 0 ? ({done: true} as const) : {seen: `${open} sessions are open`};
  };
  await until(`Sessions of ${server}`, {limitMs, everyMs: 200}, look).catch(error => {
    // Whoever holds a session for ever is cut by the stop, as the scenario's bounds will tell.
    if (!(error instanceof LimitError)) throw error;
  });
}

/** Asks every front end of every proxy; what cannot be asked (its member is down) is left out. */
async function eachFrontEnd<S>(
  hands: Hands,
  proxies: readonly ProxyMember[],
  question: (proxy: ProxyMember, frontEnd: string) => StateQuestion<S>,
): Promise<{proxy: TopologyMember; frontEnd: string; answer: S}[]> {
  const asked = proxies.flatMap(proxy =>
    proxy.frontEnds.map(async frontEnd => {
      const {command, parse} = question(proxy, frontEnd);
      const output = await hands.exec(proxy.member, command, proxyMs).catch(() => undefined);
      return output ? [{proxy: proxy.member, frontEnd, answer: parse(output)}] : [];
    }),
  );
  return (await Promise.all(asked)).flat();
}
