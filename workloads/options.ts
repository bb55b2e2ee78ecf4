import {durationMs} from "../lib/durations.ts";
import {either, type Problem, show} from "../lib/problems.ts";

export type OptionValue = string | number | boolean;

/** One option of a workload, as documentation and checker see it. */
export type OptionSpec = {doc: string} & (
  | {type: "number"; default: number; unit: "ms" | "bytes" | "count"; low: number; high: number}
  | {type: "string"; default: string; allowed?: readonly string[]; pattern?: RegExp}
  | {type: "boolean"; default: boolean}
);

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Options that every workload has. */
export const commonOptions = {
  connectTimeout: {
    type: "number",
    default: 250,
    unit: "ms",
    low: 10,
    high: 60_000,
    doc: "Longest wait for TCP to answer a connection; then it failed and a new one is tried. Short, because the kernel repeats a lost SYN only after 1 s.",
  },
  backlog: {
    type: "number",
    default: 500,
    unit: "ms",
    low: 0,
    high: 60_000,
    doc: "How late an operation may be sent while its client is busy with an earlier one. What is older is given up and counted as not sent, so that an outage does not end in a burst.",
  },
  lifetime: {
    type: "number",
    default: 0,
    unit: "ms",
    low: 0,
    high: 86_400_000,
    doc: "How long a connection is used, give or take a fifth; then it is closed between two operations and a new one opened, as pools do. 0: until it breaks.",
  },
} as const satisfies OptionTable;

/** Fills in the defaults and checks what was given; `given` is as a scenario has it (durations with a unit). Every
 *  problem at once. */
export function fillOptions(
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
  path = "options",
): {options: Record<string, OptionValue>; problems: Problem[]} {
  const options: Record<string, OptionValue> = {};
  const problems: Problem[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(table, name)) {
      problems.push({path: `${path}.${name}`, message: `is not an option. Allowed: ${either(Object.keys(table))}.`});
    }
  }
  for (const [name, spec] of Object.entries(table)) {
    const raw = Object.hasOwn(given, name) ? given[name] : undefined;
    if (raw === undefined) {
      options[name] = spec.default;
      continue;
    }
    const value = spec.type === "number" && spec.unit === "ms" ? durationMs(raw) : raw;
    const wrong = whatIsWrong(spec, value);
    if (wrong) problems.push({path: `${path}.${name}`, message: `is ${show(raw)}. It takes ${wrong}.`});
    else options[name] = value as OptionValue;
  }
  return {options, problems};
}

function whatIsWrong(spec: OptionSpec, value: unknown): string | undefined {
  if (spec.type === "boolean") return typeof value === "boolean" ? undefined : either([true, false]);
  if (spec.type === "string") {
    if (spec.allowed) return spec.allowed.includes(value as string) ? undefined : either(spec.allowed);
    return typeof value === "string" && (spec.pattern ?? /./).test(value)
      ? undefined
      : `text${spec.pattern ? ` that matches ${spec.pattern}` : ""}`;
  }
  if (typeof value === "number" && Number.isInteger(value) && value >= spec.low && value <= spec.high) return undefined;
  const example = spec.unit === "ms" ? `a duration with its unit, from ${spec.low}ms to ${spec.high}ms` : undefined;
  return example ?? `a whole number from ${spec.low} to ${spec.high} (${spec.unit})`;
}
