import {z} from "zod";
import type {Problem} from "../../lib/problems.ts";
import type {Fault} from "../faults/fault.ts";
import {picks} from "../roles/named.ts";
import type {Params, Where} from "./scenario.ts";
import {name, oneOf} from "./values.ts";

/** Whom a fault hits, as scenario files say it. */

export const role = z.strictObject({component: name, pick: oneOf(picks)});

const everyPick = [...picks, "all"] as const;
const keys = {
  component: name.optional().describe("Name of a component of the stack. Goes with `member` or `pick`."),
  member: name.optional().describe("Name of one member."),
  pick: oneOf(everyPick)
    .optional()
    .describe("One member by what it does at that moment, or a random one; `all` for every one at once."),
  zone: z
    .union([name, z.strictObject({of: z.union([role, z.array(role).min(1)])})], {
      error: "takes the name of a zone, or `of` with one role or a list of roles ({component, pick})",
    })
    .optional()
    .describe("Every member in one zone: its name, or the zone of who has one or several roles at that moment."),
  all: z.literal(true, {error: "takes true"}).optional().describe("Every member of the stack."),
};

/** A target with what the fault takes besides it. */
export function targetSchema({keys: own = {}}: Pick<Fault, "keys">) {
  return z.strictObject({...keys, ...own});
}

export type TargetDocument = z.output<z.ZodObject<typeof keys>> & Params;

/** What of the document is not the target. */
export function paramsOf(target: TargetDocument): Params {
  return Object.fromEntries(
    Object.entries(target).filter(([key, value]) => !Object.hasOwn(keys, key) && value !== undefined),
  );
}

export function checkTarget(path: string, fault: Fault, target: TargetDocument): Problem[] {
  const {component, member, pick, zone, all} = target;
  const given = Object.entries({component, zone, all}).filter(([, value]) => value !== undefined);
  const alone = fault.wholeComponent?.(paramsOf(target)) ?? false;
  if (given.length > 1 || (given.length === 1 && component === undefined)) {
    const [first] = zone === undefined ? (["all"] as const) : (["zone"] as const);
    const means = first === "zone" ? "everything in that zone" : "everything in the stack";
    const extra = (["component", "member", "pick", "all"] as const).filter(k => k !== first && target[k] !== undefined);
    return extra.map(key => ({
      path: `${path}.${key}`,
      message: `does not go with \`${first}\`, which means ${means}. Leave one of them out.`,
    }));
  }
  if (component === undefined)
    return [
      {path, message: "names no target. It takes `component` with `member` or `pick`, or `zone`, or `all: true`."},
    ];
  if (alone) {
    const extra = (["member", "pick"] as const).filter(key => target[key] !== undefined);
    return extra.map(key => ({
      path: `${path}.${key}`,
      message: "does not go with what takes the whole component: `change`, and `partition` with `shape`.",
    }));
  }
  if ((member === undefined) !== (pick === undefined)) return [];
  const both = member === undefined ? "neither `member` nor `pick`" : "both `member` and `pick`";
  return [{path, message: `has ${both}. It takes one of the two.`}];
}

export function whereOf({component, member, pick, zone, all}: TargetDocument): Where {
  if (all) return {all};
  if (typeof zone === "string") return {zone};
  if (zone) return {zoneOf: [zone.of].flat()};
  if (member !== undefined) return {component: component!, member};
  return pick === "all" || pick === undefined ? {component: component!, every: true} : {component: component!, pick};
}
