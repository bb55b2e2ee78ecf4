import type {TopologyComponent} from "../topology.ts";
import {NoBudget} from "./terms.ts";

/** A duration or count of a component's settings. Errors: it is not there, because an earlier version made the
 *  stack. */
export function numberIn(component: TopologyComponent, key: string): number {
  const value = component.settings[key];
  if (typeof value === "number") return value;
  throw new NoBudget(
    `The topology does not say \`${key}\` of ${component.name}: the stack was made by an earlier version. Run \`./holdfast up\` again.`,
  );
}
