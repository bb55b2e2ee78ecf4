import type {Look} from "../../lib/limit.ts";
import {findComponent, membersWithout, type Topology, type TopologyMember} from "../../lib/topology.ts";
import type {Where} from "../scenario/scenario.ts";
import {name, oneOf} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import type {Fault, Hit, NetworkScripts, Planning, Victim} from "./fault.ts";
import {ableRules, ask, change, gone, goneBy, prepareNetwork, undoBy} from "./network.ts";
import {applyScript, type Direction, droppedOf, listScript, type Rules, removeScript} from "./nft.ts";
import {type Cut, cutByShape, cutFrom, cutOff, fewest, type Shape, shapes, shared} from "./partition-plan.ts";

/** Keys as the scenario gives them. */
interface Asked {
  from?: string;
  direction: Direction;
  shape?: Shape;
}
/** What a hit needs: plain, for the journal. */
interface Cutting extends Omit<Cut, "member"> {
  table: string;
  direction: Direction;
  /** Addresses that must not answer any more. */
  lost: string[];
}
const asked = (params: Planning["params"]) => params as unknown as Asked;
const cutting = ({params}: Pick<Hit, "params">) => params as unknown as Cutting;

/** Packets from and to others are dropped in the member's own network. */
export const partition: Fault = {
  kind: "partition",
  does: "Members are cut off from others: no packet passes until healed, on connections that are open neither.",
  keys: {
    from: name
      .optional()
      .describe(
        "`everyone`, clients too (default), `peers`: the members of its component, or a component by its name.",
      ),
    direction: oneOf(["both", "in", "out"])
      .default("both")
      .describe("`in`: it hears nothing and is heard. `out`: it hears and is not heard. Default both."),
    shape: oneOf(shapes)
      .optional()
      .describe(
        "The whole component falls apart: `minority` from majority, two `halves`, a `bridge` of two halves that both see one member, a `ring` in which each sees its two neighbours.",
      ),
  },
  passing: false,
  wholeComponent: ({shape}) => shape !== undefined,
  detail: params => {
    const {from, direction, shape} = asked(params);
    const parts = [shape, from && `from ${from}`, direction !== "both" && `${direction} alone`].filter(Boolean);
    return parts.length > 0 ? `(${parts.join(", ")})` : undefined;
  },
  check(params, where) {
    const {from, shape} = asked(params);
    if (from === undefined || ("component" in where && !shape)) return [];
    const message = `does not go with ${shape ? "`shape`, which says who sees whom" : "more than one component"}. Leave it out.`;
    return [{key: "from", message}];
  },
  fits: (topology, params, where) => checkSize(topology, asked(params), where),
  able: ableRules,
  prepare: prepareNetwork,
  plan(placed, {topology, random, id, where, params}) {
    const members = placed.map(p => p.member);
    const {direction, shape} = asked(params);
    const cuts = shape ? cutByShape(members, shape, random) : cutsFor(members, asked(params), topology, where);
    return cuts.map(({member, mode, addresses}) => {
      const lost = mode === "drop" ? addresses : reachable(topology, member, addresses);
      return {member, params: {table: `holdfast_${id}`, direction, mode, addresses, lost} satisfies Cutting};
    });
  },
  inNetwork: scriptsOf,
  inject: (target, victim) => change(target, victim.member, scriptsOf(victim).apply),
  evidence,
  heal: undoBy(params => removeScript(cutting({params}).table)),
  healed: goneBy(params => listScript(cutting({params}).table), "its rules are still there"),
};

function cutsFor(members: TopologyMember[], {from = "everyone"}: Asked, topology: Topology, where: Where): Cut[] {
  if (from === "everyone") return cutOff(members, "zone" in where || "zoneOf" in where);
  const others = from === "peers" ? (where as {component: string}).component : from;
  return cutFrom(members, findComponent(topology, others)?.members ?? []);
}

/** Some members that it could reach before: enough to show that it cannot. */
function reachable(topology: Topology, member: TopologyMember, but: readonly string[]): string[] {
  return membersWithout(topology, member)
    .flatMap(other => shared(member, other))
    .filter(address => !but.includes(address))
    .slice(0, 4);
}

function rulesOf({table, direction, mode, addresses}: Cutting): Rules {
  const rules = (way: "saddr" | "daddr") => {
    if (mode === "drop") return addresses.map(address => `ip ${way} ${address}`);
    const all = addresses.join(", ");
    const arp = way === "saddr" ? "arp saddr ip" : "arp daddr ip";
    return all ? [`ip ${way} { ${all} } accept`, `${arp} { ${all} } accept`, ""] : [""];
  };
  return {
    table,
    in: direction === "out" ? [] : rules("saddr"),
    out: direction === "in" ? [] : rules("daddr"),
  };
}

/** Every rule has dropped something. A member that nobody talks to at the moment is made to talk. */
async function evidence(target: Target, victim: Victim): Promise<Look<string>> {
  const {show, provoke, judge} = scriptsOf(victim);
  const look = async () => judge((await ask(target, victim.member, show)) ?? "");
  const first = await look();
  if ("done" in first || first.seen === gone) return first;
  await ask(target, victim.member, provoke);
  return look();
}

function scriptsOf(hit: Hit): NetworkScripts {
  const {table, lost} = cutting(hit);
  return {
    apply: applyScript(rulesOf(cutting(hit))),
    provoke: knockScript(lost),
    show: listScript(table),
    undo: removeScript(table),
    judge: listed => judge(hit, listed),
  };
}

function judge({member, params}: Hit, listed: string): Look<string> {
  if (!listed) return {seen: gone};
  const {direction, lost, mode} = cutting({params});
  const dropped = droppedOf(listed);
  const packets = dropped.reduce((sum, rule) => sum + rule.packets, 0);
  if (!shown(dropped, direction)) return {seen: `${packets} packets dropped, not by every rule`};
  return {
    done: `${member.name}: ${packets} packets from and to ${mode === "only" ? "everyone else" : lost.join(", ")} dropped`,
  };
}

/** What it sends is dropped by every rule; with `in`, what comes back. */
function shown(dropped: ReturnType<typeof droppedOf>, direction: Direction): boolean {
  const chain = direction === "in" ? "in" : "out";
  return dropped.filter(rule => rule.chain === chain).every(rule => rule.packets > 0);
}

/** A connection to each address, given up after a moment. */
const knockScript = (addresses: readonly string[]) =>
  `${addresses.map(a => `timeout 0.3 bash -c 'exec 3<>/dev/tcp/${a}/1' 2>/dev/null &`).join("\n")}\nwait; true`;

function checkSize(topology: Topology, {from, shape}: Asked, where: Where) {
  const component = "component" in where ? findComponent(topology, where.component) : undefined;
  if (!component) return [];
  const size = component.members.length;
  if (shape && size < fewest[shape])
    return [
      {
        key: "shape",
        message: `is "${shape}", which takes ${fewest[shape]} members or more; ${component.name} has ${size}.`,
      },
    ];
  if (from === "peers" && size < 2)
    return [{key: "from", message: `is "peers", and ${component.name} has one member.`}];
  if (from !== undefined && from !== "peers" && from !== "everyone" && !findComponent(topology, from)) {
    const names = topology.components.map(c => c.name).join(", ");
    return [{key: "from", message: `is ${JSON.stringify(from)}. It takes everyone, peers or a component: ${names}.`}];
  }
  if (from === component.name) return [{key: "from", message: "is its own component. Write `from: peers`."}];
  const others = from && findComponent(topology, from)?.members[0];
  if (others && shared(component.members[0]!, others).length === 0)
    return [{key: "from", message: `is ${JSON.stringify(from)}, which is on no network of ${component.name}.`}];
  return [];
}
