import {load as parseYaml, YAMLException} from "js-yaml";
import type {Problem} from "../../lib/problems.ts";
import {ScenarioError} from "./error.ts";
import {problemsOf} from "./issues.ts";
import {Positions, splitPath} from "./positions.ts";
import {type FaultKind, type FaultPlan, faultKinds, type LoadPlan, type Scenario, type Where} from "./scenario.ts";
import {type FaultDocument, type ScenarioDocument, scenarioSchema, type TargetDocument} from "./schema.ts";

/** How long a fault lasts when the scenario does not say. */
export const defaultFaultMs = 10_000;

/** Reads a scenario from the text of its file. Throws one {@link ScenarioError} with every problem and its line. */
export function readScenario(file: string, source: string): Scenario {
  const document = parse(file, source);
  const at = new Positions(source);
  const parsed = scenarioSchema.safeParse(document);
  if (!parsed.success) throw new ScenarioError(file, problemsOf(parsed.error, document, scenarioSchema, at));
  const line = (path: string) => at.line(splitPath(path));
  const problems = [...checkFaults(parsed.data), ...checkBounds(parsed.data), ...checkKnown(parsed.data)];
  if (problems.length > 0)
    throw new ScenarioError(
      file,
      problems.map(p => ({...p, line: line(p.path)})),
    );
  return fill(file, parsed.data, line);
}

/** `galera/writer-killed` of `scenarios/galera/writer-killed.yaml`. */
export function scenarioName(file: string): string {
  return file
    .replaceAll("\\", "/")
    .split("/")
    .slice(-2)
    .join("/")
    .replace(/\.ya?ml$/, "");
}

function parse(file: string, source: string): unknown {
  try {
    return parseYaml(source) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ScenarioError(file, [
      {path: "", line: (error.mark?.line ?? 0) + 1, message: `This is not YAML: ${error.reason}.`},
    ]);
  }
}

function checkFaults(document: ScenarioDocument): Problem[] {
  return document.faults.flatMap((fault, i) => {
    const path = `faults[${i}]`;
    const kinds = faultKinds.filter(kind => fault[kind]);
    if (kinds.length !== 1) {
      const which = kinds.length === 0 ? "none" : kinds.join(" and ");
      return [{path, message: `has ${which}. It takes exactly one of ${faultKinds.join(", ")}.`}];
    }
    const kind = kinds[0]!;
    const problems = checkTarget(`${path}.${kind}`, fault[kind]!);
    if (kind === "crash" && fault.for !== undefined)
      problems.push({
        path: `${path}.for`,
        message:
          "does not go with crash: the platform starts the process again by itself. Leave it out, or write kill.",
      });
    return problems;
  });
}

function checkTarget(path: string, target: TargetDocument): Problem[] {
  if (target.zone !== undefined) {
    const extra = (["component", "member", "pick", "process"] as const).filter(key => target[key] !== undefined);
    return extra.map(key => ({
      path: `${path}.${key}`,
      message: "does not go with `zone`, which means everything in that zone. Leave one of them out.",
    }));
  }
  if (target.component === undefined)
    return [{path, message: "names no target. It takes `component` with `member` or `pick`, or `zone`."}];
  if ((target.member === undefined) === (target.pick === undefined))
    return [
      {
        path,
        message:
          `has ${target.member === undefined ? "neither" : "both"} \`member\` and \`pick\`. It takes one of the two.`.replace(
            "neither `member` and",
            "neither `member` nor",
          ),
      },
    ];
  return [];
}

function checkBounds({load, verdict}: ScenarioDocument): Problem[] {
  const bounds = ["outage", "lost", "errors", "errorsAfterHeal", "hitRate"] as const;
  return bounds.flatMap(bound =>
    Object.keys(verdict[bound])
      .filter(workload => !load[workload])
      .map(workload => ({
        path: `verdict.${bound}.${workload}`,
        message: `names no workload of this scenario. Allowed: ${Object.keys(load).join(", ")}.`,
      })),
  );
}

function checkKnown({load, known}: ScenarioDocument): Problem[] {
  if (!Array.isArray(known)) return [];
  return known.flatMap(({workload}, i) =>
    load[workload]
      ? []
      : [
          {
            path: `known[${i}].workload`,
            message: `names no workload of this scenario. Allowed: ${Object.keys(load).join(", ")}.`,
          },
        ],
  );
}

function fill(file: string, document: ScenarioDocument, line: (path: string) => number): Scenario {
  const {summary, stack, settings, known, seed, duration, load, faults, verdict} = document;
  return {
    file,
    name: scenarioName(file),
    summary,
    stack,
    settings,
    known: typeof known === "string" ? known : undefined,
    anomalies: Array.isArray(known) ? known : [],
    seed,
    durationMs: duration,
    load: Object.fromEntries(Object.entries(load).map(([name, plan]) => [name, fillLoad(plan)])),
    faults: faults.map(fillFault),
    bounds: verdict,
    line,
  };
}

function fillLoad({
  workload,
  endpoint,
  clients,
  rate,
  timeout,
  ...options
}: ScenarioDocument["load"][string]): LoadPlan {
  return {workload, endpoint, clients, rate, timeoutMs: timeout, options: options as LoadPlan["options"]};
}

function fillFault(fault: FaultDocument): FaultPlan {
  const kind = faultKinds.find(k => fault[k]) as FaultKind;
  const target: TargetDocument = fault[kind]!;
  return {
    kind,
    atMs: fault.at,
    forMs: fault.for ?? defaultFaultMs,
    where: fillWhere(target),
    ...(target.process === undefined ? {} : {process: target.process}),
  };
}

function fillWhere({component, member, pick, zone}: TargetDocument): Where {
  if (typeof zone === "string") return {zone};
  if (zone) return {zoneOf: [zone.of].flat()};
  return member === undefined ? {component: component!, pick: pick!} : {component: component!, member};
}
