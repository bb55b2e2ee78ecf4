import {CliError, exitCodes} from "../lib/exit.ts";
import {knownResources} from "./files.ts";
import type {StackObject} from "./objects.ts";
import {asTyped, type OpenStack} from "./open.ts";

const dockerType = /^(docker:index\/(container:Container|network:Network|volume:Volume)|holdfast:docker:Keeper)$/;

/** How many objects of the stack its state has and the docker engine has not. `objects`: what the engine has. Errors
 *  (69): all are gone, and the data with them; members that join by themselves would wait for ever for somebody to
 *  join. */
export function countGone(
  {reference, files}: Pick<OpenStack, "reference" | "files">,
  objects: readonly Pick<StackObject, "id">[],
): number {
  const there = new Set(objects.map(object => object.id));
  const known = files ? knownResources(files).filter(({type}) => dockerType.test(type)) : [];
  const gone = known.filter(({id}) => !there.has(id)).length;
  if (gone === 0 || gone < known.length) return gone;
  const command = asTyped(reference);
  throw new CliError(
    `Everything of ${reference.label} was removed by hand: none of the ${gone} containers, networks and volumes in its state is there, and its data is lost with them. To begin anew: ./holdfast down ${command} && ./holdfast up ${command}`,
    exitCodes.unavailable,
  );
}
