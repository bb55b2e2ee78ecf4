import {docker} from "../../cli/setup/engine.ts";
import {recipeOf} from "../../platforms/docker/images.ts";

/** Label of the neighbours, with the name of the stack that they disturb. */
const label = "io.holdfast.bench.neighbour";

/** Starts containers that each keep one core busy, with docker's usual share of the processor, without a network and with a limit of their
 *  own, so that they end whatever happens to the bench. Gives what ends them. */
export async function startNeighbours(
  stack: string,
  count: number,
  limitSeconds: number,
): Promise<() => Promise<void>> {
  await removeNeighbours(stack);
  const end = () => removeNeighbours(stack);
  try {
    for (let i = 0; i < count; i++) {
      const container = await docker().createContainer({
        Image: recipeOf("base").tag,
        Cmd: ["timeout", String(limitSeconds), "sh", "-c", "while :; do :; done"],
        User: "65534:65534",
        Labels: {[label]: stack},
        HostConfig: {
          NetworkMode: "none",
          CapDrop: ["ALL"],
          SecurityOpt: ["no-new-privileges:true"],
          ReadonlyRootfs: true,
          Init: true,
          AutoRemove: true,
          Memory: 32 * 1024 * 1024,
          PidsLimit: 16,
        },
      });
      await container.start();
    }
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

/** Removes those of an earlier bench too. */
async function removeNeighbours(stack: string): Promise<void> {
  const found = await docker().listContainers({all: true, filters: {label: [`${label}=${stack}`]}});
  const gone = (error: {statusCode?: number}) => {
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  };
  await Promise.all(found.map(({Id}) => docker().getContainer(Id).remove({force: true}).catch(gone)));
}
