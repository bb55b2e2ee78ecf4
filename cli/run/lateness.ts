import {kindOf} from "../../components/kinds.ts";
import type {Topology, TopologyMember} from "../../lib/topology.ts";
import type {Target} from "../../runner/targets/target.ts";

/** 200 waits of 10 ms, each followed by how much too late it ended, in microseconds. The shell starts no process
 *  meanwhile. */
const script = `exec {never}<> <(:)
for ((i = 0; i < 200; i++)); do
  from=\${EPOCHREALTIME/[.,]/}
  read -r -t 0.01 -u "$never" _
  to=\${EPOCHREALTIME/[.,]/}
  echo $((to - from - 10000))
done`;
const limitMs = 15_000;

/** How late the members of each component of a punctual kind are woken at worst, within some 2 s, in milliseconds:
 *  measured inside them, with the share of the processor that they have. Components of which no member answers are left
 *  out. */
export async function latenessOf(target: Target, topology: Topology): Promise<Record<string, number>> {
  const holders = topology.components.filter(c => kindOf(c.kind).punctual);
  const found = await Promise.all(
    holders.map(async ({name, members}) => {
      const late = await Promise.all(members.map(member => lateIn(target, member).catch(() => undefined)));
      return [name, late.filter(ms => ms !== undefined)] as const;
    }),
  );
  return Object.fromEntries(found.flatMap(([name, late]) => (late.length > 0 ? [[name, Math.max(...late)]] : [])));
}

async function lateIn(target: Target, member: TopologyMember): Promise<number | undefined> {
  const {code, stdout} = await target.exec(member, ["bash", "-c", script], limitMs);
  return code === 0 ? worstOf(stdout) : undefined;
}

/** The largest of the figures, in whole milliseconds; undefined when there are none. */
export function worstOf(output: string): number | undefined {
  const figures = output.split("\n").filter(line => /^-?\d+$/.test(line));
  return figures.length > 0 ? Math.max(0, Math.round(Math.max(...figures.map(Number)) / 1000)) : undefined;
}
