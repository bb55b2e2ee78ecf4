import {load as parseYaml, YAMLException} from "js-yaml";
import {apart} from "../../lib/apart.ts";
import {showMs} from "../../lib/durations.ts";
import type {Problem} from "../../lib/problems.ts";
import {checkChaos, fillChaos} from "./chaos.ts";
import {ScenarioError} from "./error.ts";
import {problemsOf} from "./issues.ts";
import {longestMs} from "./longest.ts";
import {type Path, Positions, showPath, splitPath} from "./positions.ts";
import type {LoadPlan, Scenario} from "./scenario.ts";
import {type ScenarioDocument, scenarioSchema} from "./schema.ts";
import {checkSteps, fillStep} from "./steps.ts";
import {longestDurationMs} from "./values.ts";

/** Reads a scenario from the text of its file. Throws one {@link ScenarioError} with every problem and its line. */
export function readScenario(file: string, source: string): Scenario {
  const document = parse(file, source);
  const at = new Positions(source);
  const born = pathsOf(document, "__proto__");
  if (born.length > 0) {
    const problems = born.map(path => ({path: showPath(path), message: "is no key of anything.", line: at.line(path)}));
    throw new ScenarioError(file, problems);
  }
  const parsed = scenarioSchema.safeParse(document);
  if (!parsed.success) throw new ScenarioError(file, problemsOf(parsed.error, document, scenarioSchema, at));
  const line = (path: string) => at.line(splitPath(path));
  const {data} = parsed;
  const problems = [
    ...checkSteps(data),
    ...checkChaos(data),
    ...checkBounds(data),
    ...checkKnown(data),
    ...checkLimit(data),
  ];
  if (problems.length > 0)
    throw new ScenarioError(
      file,
      problems.map(p => ({...p, line: line(p.path)})),
    );
  const scenario = fill(file, parsed.data, line);
  const ms = longestMs(scenario.faults, scenario.bounds.recovered);
  if (ms <= longestDurationMs) return scenario;
  const message = `take up to ${showMs(ms)} together. They may take 24h at most: fewer of them, or shorter ones.`;
  throw new ScenarioError(file, [{path: "faults", message, line: line("faults")}]);
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

/** Where that key stands. Of `__proto__` the schema says nothing: zod leaves it out. */
function pathsOf(value: unknown, key: string, at: Path = [], above: readonly unknown[] = []): Path[] {
  if (typeof value !== "object" || value === null || above.includes(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = [...at, Array.isArray(value) ? Number(name) : name];
    return [...(name === key ? [path] : []), ...pathsOf(inner, key, path, [...above, value])];
  });
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

function checkBounds({load, verdict}: ScenarioDocument): Problem[] {
  const bounds = ["outage", "lost", "errors", "errorsAfterHeal", "hitRate"] as const;
  return bounds.flatMap(bound =>
    Object.keys(verdict[bound])
      .filter(workload => !Object.hasOwn(load, workload))
      .map(workload => ({
        path: `verdict.${bound}.${workload}`,
        message: `names no workload of this scenario. Allowed: ${Object.keys(load).join(", ")}.`,
      })),
  );
}

function checkLimit({limit, duration}: ScenarioDocument): Problem[] {
  if (limit === undefined || limit > duration) return [];
  const [is, takes] = apart(limit, duration, showMs);
  const message = `is ${is}, and the load alone takes ${takes}. It takes a time that is longer than \`duration\`.`;
  return [{path: "limit", message}];
}

function checkKnown({load, known}: ScenarioDocument): Problem[] {
  if (!Array.isArray(known)) return [];
  return known.flatMap(({workload}, i) =>
    Object.hasOwn(load, workload)
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
  const {summary, stack, settings, known, seed, duration, limit, writer, load, faults, chaos, verdict} = document;
  return {
    file,
    name: scenarioName(file),
    summary,
    stack,
    settings,
    known: typeof known === "string" ? known : undefined,
    anomalies: Array.isArray(known) ? known : [],
    seed: seed ?? chaos?.seed,
    durationMs: duration,
    ...(limit === undefined ? {} : {limitMs: limit}),
    writer,
    load: Object.fromEntries(Object.entries(load).map(([name, plan]) => [name, fillLoad(plan)])),
    faults: faults.map(fillStep),
    ...(chaos ? {chaos: fillChaos(chaos)} : {}),
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
  via,
  ...options
}: ScenarioDocument["load"][string]): LoadPlan {
  return {
    workload,
    endpoint,
    clients,
    rate,
    timeoutMs: timeout,
    ...(via ? {via: {latencyMs: via.latency, jitterMs: via.jitter}} : {}),
    options: options as LoadPlan["options"],
  };
}
