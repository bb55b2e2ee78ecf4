import type {StateResource} from "../up/compose.ts";

/** One step of `pulumi preview --json`. */
export interface PreviewStep {
  op: string;
  newState?: StateResource;
}

/** The state as it would be had the planned steps been done: what was there, and for each planned resource its own
 *  inputs with the outputs of one of its type that was really made. Errors: a step is no creation, or there is none of
 *  its type to learn from. */
export function grown(resources: readonly StateResource[], steps: readonly PreviewStep[]): StateResource[] {
  const made = new Map(resources.map(resource => [resource.type, resource]));
  const known = new Set(resources.map(resource => resource.urn));
  const planned = steps.filter(({op}) => op !== "same" && op !== "read");
  const added = planned.flatMap(({op, newState}) => {
    if (op !== "create" || !newState)
      throw new Error(`the preview plans to ${op} ${newState?.urn}, and only creations were expected`);
    if (known.has(newState.urn)) return [];
    const model = made.get(newState.type);
    if (!model) throw new Error(`no ${newState.type} was made for real, so what it gives is not known`);
    if (!newState.custom) return [{...newState, outputs: {}}];
    return [
      {...newState, id: `made-of-${newState.urn.split("::").at(-1)}`, outputs: {...model.outputs, ...newState.inputs}},
    ];
  });
  return [...resources, ...added];
}

/** Inputs of every docker resource by its name, with `project` taken out: two programs that make the same give the
 *  same. */
export function dockerInputs(resources: readonly StateResource[], project: string): Record<string, unknown> {
  const own = resources.filter(({type}) => type.startsWith("docker:"));
  const text = JSON.stringify(
    Object.fromEntries(own.map(({urn, type, inputs}) => [`${type} ${urn.split("::").at(-1)}`, inputs])),
  );
  return JSON.parse(text.replaceAll(`${project}/`, "PROJECT/"));
}
