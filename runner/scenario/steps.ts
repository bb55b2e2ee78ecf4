import {apart} from "../../lib/apart.ts";
import {showMs} from "../../lib/durations.ts";
import {either, type Problem} from "../../lib/problems.ts";
import {passes} from "../faults/fault.ts";
import {faultKinds, faultOf} from "../faults/registry.ts";
import type {FaultPlan} from "./scenario.ts";
import {type FaultDocument, kindsIn, type ScenarioDocument} from "./schema.ts";
import {checkTarget, paramsOf, whereOf} from "./targets.ts";
import {mostTimes} from "./values.ts";

/** How long a fault lasts when the scenario does not say. */
export const defaultFaultMs = 10_000;

/** What the schema cannot say about the steps of a scenario, alone and together. */
export function checkSteps({faults}: Pick<ScenarioDocument, "faults">): Problem[] {
  return [
    ...faults.flatMap((fault, i) => checkStep(`faults[${i}]`, fault)),
    ...checkNames(faults),
    ...checkCircles(faults),
    ...checkNumber(faults),
  ];
}

/** As many as a random schedule may make. */
function checkNumber(faults: readonly FaultDocument[]): Problem[] {
  const steps = faults.reduce((sum, {repeat}) => sum + (repeat?.times ?? 1), 0);
  if (steps <= mostTimes) return [];
  return [{path: "faults", message: `has ${steps} steps, repeats counted. It takes ${mostTimes} at most.`}];
}

function checkStep(path: string, step: FaultDocument): Problem[] {
  const problems = checkWhen(path, step);
  const kinds = kindsIn(step);
  if (kinds.length !== 1) {
    const which = kinds.length === 0 ? "none" : kinds.map(([kind]) => kind).join(" and ");
    return [...problems, {path, message: `has ${which}. It takes exactly one of ${faultKinds.join(", ")}.`}];
  }
  const [kind, target] = kinds[0]!;
  const fault = faultOf(kind);
  const at = `${path}.${kind}`;
  const wrong = checkTarget(at, fault, target);
  problems.push(...wrong);
  const params = paramsOf(target);
  if (wrong.length === 0)
    problems.push(...(fault.check?.(params, whereOf(target)) ?? []).map(p => ({...p, path: `${at}.${p.key}`})));
  if (passes(fault, params) && step.for !== undefined)
    problems.push({
      path: `${path}.for`,
      message: `does not go with ${kind}${fault.passing === true ? "" : " like this"}: it ends by itself. Leave it out, or write a fault that lasts.`,
    });
  return [...problems, ...checkRepeat(path, step, passes(fault, params))];
}

function checkWhen(path: string, {at, after}: FaultDocument): Problem[] {
  if ((at === undefined) !== (after === undefined)) return [];
  const has = at === undefined ? "neither `at` nor `after`" : "both `at` and `after`";
  return [{path, message: `has ${has}. It takes one of the two.`}];
}

/** A fault must be over before it comes again. */
function checkRepeat(path: string, {repeat, for: lasts = defaultFaultMs}: FaultDocument, passing: boolean): Problem[] {
  if (!repeat) return [];
  const {every, settled} = repeat;
  if (every === undefined && !settled)
    return [
      {path: `${path}.repeat`, message: "has neither `every` nor `settled: true`. It takes one of the two, or both."},
    ];
  if (every === undefined || passing || settled || every >= lasts) return [];
  const [is, long] = apart(every, lasts, showMs);
  return [
    {
      path: `${path}.repeat.every`,
      message: `is ${is}, and the fault lasts ${long}. It takes a time that is not shorter than \`for\`.`,
    },
  ];
}

function checkNames(faults: readonly FaultDocument[]): Problem[] {
  const names = faults.flatMap(fault => fault.name ?? []);
  return faults.flatMap(({name, after}, i) => {
    const problems: Problem[] = [];
    if (
      name !== undefined &&
      names.indexOf(name) !== names.lastIndexOf(name) &&
      faults.findIndex(f => f.name === name) !== i
    )
      problems.push({
        path: `faults[${i}].name`,
        message: `is ${JSON.stringify(name)} for the second time. Each must be different.`,
      });
    if (after && !names.includes(after.fault)) {
      const known = names.length > 0 ? `It takes ${either(names)}.` : "No step of this scenario has a name.";
      problems.push({path: `faults[${i}].after.fault`, message: `is ${JSON.stringify(after.fault)}. ${known}`});
    }
    return problems;
  });
}

/** Steps that wait for each other would wait for ever. */
function checkCircles(faults: readonly FaultDocument[]): Problem[] {
  const waitsFor = (step: FaultDocument | undefined) =>
    faults.find(f => f.name !== undefined && f.name === step?.after?.fault);
  return faults.flatMap((step, i) => {
    let next = waitsFor(step);
    for (let n = 0; next && n < faults.length; n++) {
      if (next === step)
        return [
          {
            path: `faults[${i}].after`,
            message: "waits for itself in the end. A step must wait for one that comes before it.",
          },
        ];
      next = waitsFor(next);
    }
    return [];
  });
}

export function fillStep(step: FaultDocument): FaultPlan {
  const [kind, target] = kindsIn(step)[0]!;
  const {name, at, after, repeat} = step;
  return {
    kind,
    ...(name === undefined ? {} : {name}),
    atMs: after ? after.wait : at!,
    ...(after ? {after: {fault: after.fault, is: after.is}} : {}),
    forMs: step.for ?? defaultFaultMs,
    where: whereOf(target),
    params: paramsOf(target),
    ...(repeat ? {repeat: {times: repeat.times, everyMs: repeat.every ?? 0, settled: repeat.settled}} : {}),
  };
}
