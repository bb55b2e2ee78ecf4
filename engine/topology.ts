import {refuseUnknownKinds} from "../components/kinds.ts";
import {CliError, exitCodes} from "../lib/exit.ts";
import {either} from "../lib/problems.ts";
import type {Topology} from "../lib/topology.ts";
import {backendUrl} from "../setup/environment.ts";
import {stateFiles, topologyIn} from "./files.ts";
import {asTyped, openStack} from "./open.ts";
import type {StackReference} from "./reference.ts";

/** The topology document of a stack with its secrets. Errors (64): the stack is not up. */
export async function readTopology(
  reference: StackReference,
): Promise<{topology: Topology; secrets: Record<string, string>}> {
  const {stack} = await openStack(reference, {create: false});
  const outputs = await stack.outputs();
  const topology = outputs.topology?.value as Topology | undefined;
  if (!topology)
    throw new CliError(
      `The stack ${reference.label} is not up. Make it with: ./holdfast up ${asTyped(reference)}`,
      exitCodes.usage,
    );
  if (topology.version !== 1)
    throw new CliError(
      `The stack ${reference.label} has a topology of version ${topology.version}; this Holdfast reads ${either([1])}. Run \`up\` again.`,
      exitCodes.usage,
    );
  refuseUnknownKinds(topology);
  return {topology, secrets: (outputs.secrets?.value ?? {}) as Record<string, string>};
}

/** The topology that the stack stands with; undefined where it is not up, or stands with one of another version. A
 *  state in files is read as it is: the engine takes a second to tell the same. */
export async function standingTopology(reference: StackReference): Promise<Topology | undefined> {
  const files = stateFiles(backendUrl(), reference);
  const found = files ? topologyIn(files) : await askedFor(reference);
  if (found?.version !== 1) return undefined;
  refuseUnknownKinds(found);
  return found;
}

async function askedFor(reference: StackReference): Promise<Topology | undefined> {
  try {
    return (await readTopology(reference)).topology;
  } catch (error) {
    if (error instanceof CliError && error.code === exitCodes.usage) return undefined;
    throw error;
  }
}
