import type {Scenario} from "./scenario.ts";

/** Every place of a scenario that sets the stack otherwise: before the run, and in its middle. */
export function settingsIn({
  settings,
  faults,
}: Scenario): {path: string; settings: Readonly<Record<string, unknown>>}[] {
  const changes = faults.flatMap(({kind, params}, i) =>
    kind === "change"
      ? [{path: `faults[${i}].${kind}.settings`, settings: params.settings as Readonly<Record<string, unknown>>}]
      : [],
  );
  return [{path: "settings", settings}, ...changes];
}
