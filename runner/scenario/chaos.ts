import {showMs} from "../../lib/durations.ts";
import type {Problem} from "../../lib/problems.ts";
import {faultKinds, faultOf} from "../faults/registry.ts";
import type {ChaosPlan, Params} from "./scenario.ts";
import type {ScenarioDocument} from "./schema.ts";
import {mostTimes} from "./values.ts";

type ChaosDocument = NonNullable<ScenarioDocument["chaos"]>;

/** What the schema cannot say about a random schedule. */
export function checkChaos({chaos, seed}: Pick<ScenarioDocument, "chaos" | "seed">): Problem[] {
  if (!chaos) return [];
  const problems = chaos.among.flatMap((_, i) => checkChoice(`chaos.among[${i}]`, chaos, i));
  const {everyMs, forMs, lastsMs} = timesOf(chaos);
  if (everyMs + lastsMs > forMs)
    problems.push({
      path: "chaos.for",
      message: `is ${showMs(forMs)}, which ends before the first fault does: it comes after ${showMs(everyMs)} and lasts ${showMs(lastsMs)}.`,
    });
  const faults = Math.floor((forMs - lastsMs) / everyMs);
  if (faults > mostTimes)
    problems.push({
      path: "chaos.every",
      message: `is ${showMs(everyMs)}: ${faults} faults in ${showMs(forMs)}. It takes so long a time that there are ${mostTimes} at most.`,
    });
  if (seed !== undefined && chaos.seed !== undefined && seed !== chaos.seed)
    problems.push({
      path: "chaos.seed",
      message: `is ${chaos.seed}, and \`seed\` is ${seed}. A run has one seed: leave one out.`,
    });
  return problems;
}

function checkChoice(path: string, {among}: ChaosDocument, i: number): Problem[] {
  const choices = choicesOf(among[i]!);
  if (choices.length !== 1) {
    const which = choices.length === 0 ? "none" : choices.map(c => c.kind).join(" and ");
    return [{path, message: `has ${which}. It takes exactly one of ${faultKinds.join(", ")}.`}];
  }
  const [{kind, params}] = choices as [ReturnType<typeof choicesOf>[number]];
  const fault = faultOf(kind);
  const bare = typeof among[i] === "string" ? missingKeys(kind) : [];
  if (bare.length > 0)
    return [
      {
        path,
        message: `is ${JSON.stringify(kind)}, which takes ${bare.join(", ")}: write \`{${kind}: {${bare[0]}: ...}}\`.`,
      },
    ];
  if (fault.wholeComponent?.(params))
    return [
      {path: `${path}.${kind}`, message: "takes a whole component; a random schedule hits one member at a time."},
    ];
  const wrong = fault.check?.(params, {component: "any", member: "any"}) ?? [];
  return wrong.map(({key, message}) => ({path: `${path}.${kind}.${key}`, message}));
}

/** Keys without which the fault means nothing. */
function missingKeys(kind: string): string[] {
  return Object.entries(faultOf(kind).keys ?? {}).flatMap(([key, type]) =>
    type.safeParse(undefined).success ? [] : [key],
  );
}

export function fillChaos(chaos: ChaosDocument): ChaosPlan {
  const {components, down} = chaos;
  return {
    ...timesOf(chaos),
    among: chaos.among.flatMap(choicesOf),
    ...(components ? {components} : {}),
    ...(down === undefined ? {} : {down}),
  };
}

function timesOf({every, for: forMs, lasts}: ChaosDocument) {
  return {everyMs: every, forMs, lastsMs: lasts ?? Math.round(every / 2)};
}

function choicesOf(choice: ChaosDocument["among"][number]): ChaosPlan["among"] {
  if (typeof choice === "string") return [{kind: choice, params: defaultsOf(choice)}];
  return Object.entries(choice as Record<string, Params | undefined>).flatMap(([kind, own]) => {
    if (!own) return [];
    const {component, ...params} = own;
    return [{kind, params, ...(component === undefined ? {} : {component: component as string})}];
  });
}

function defaultsOf(kind: string): Params {
  const values = Object.entries(faultOf(kind).keys ?? {}).map(([key, type]) => [key, type.safeParse(undefined).data]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
