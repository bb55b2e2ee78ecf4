import type {Container} from "dockerode";
import type {Context} from "../base/resource.ts";
import type {Properties} from "../base/values.ts";
import {apiVersion, atLeast, call, clear, engine, find, messageOf, statusOf} from "./client.ts";
import {isOurs, urnLabel} from "./ownership.ts";
import {type Attachment, createOptions, endpoint} from "./spec.ts";
import {checkUploads, putUploads} from "./uploads.ts";

/** Problems of a container's or job's inputs beyond their table. */
export async function checkProcess(inputs: Properties): Promise<string[]> {
  const problems = checkUploads(inputs);
  const networks = (inputs.networksAdvanced ?? []) as unknown as Attachment[];
  const mode = inputs.networkMode;
  if (networks.length && typeof mode === "string" && !["default", "bridge", ""].includes(mode)) {
    problems.push(`inputs \`networkMode\` ("${mode}") and \`networksAdvanced\` exclude each other: leave one out`);
  }
  if (inputs.cpus !== undefined && !(Number(inputs.cpus) > 0) && typeof inputs.cpus === "string") {
    problems.push(`input \`cpus\` is "${inputs.cpus}"; it must be a number above 0, such as "1.5"`);
  }
  for (const [i, volume] of ((inputs.volumes ?? []) as Properties[]).entries()) {
    if (!volume.fromContainer && !volume.containerPath)
      problems.push(`input \`volumes[${i}].containerPath\` is missing`);
    if (volume.fromContainer && volume.containerPath) {
      problems.push(`inputs \`volumes[${i}].fromContainer\` and \`containerPath\` exclude each other`);
    }
    if (volume.volumeName && volume.hostPath) {
      problems.push(`inputs \`volumes[${i}].volumeName\` and \`hostPath\` exclude each other`);
    }
  }
  const interval = (inputs.healthcheck as Properties | undefined)?.startInterval;
  if (interval !== undefined) {
    const version = await apiVersion();
    if (!atLeast(version, "1.44")) {
      problems.push(`input \`healthcheck.startInterval\` needs engine API 1.44 or later; this engine has ${version}`);
    }
  }
  return problems;
}

/** Makes a container with everything it needs before its start: networks and files. One that fails on the way is
 *  removed. A container of the same name that an interrupted update left behind is replaced; any other is an error. */
export async function makeContainer(context: Context, inputs: Properties): Promise<Container> {
  const name = String(inputs.name);
  const networks = await named((inputs.networksAdvanced ?? []) as unknown as Attachment[]);
  const options = createOptions(context.urn, {
    ...inputs,
    ...(networks.length ? {networksAdvanced: networks} : {}),
  } as Properties);
  await removeLeftover(context, name);
  context.signal.throwIfAborted();
  const container = await create(name, String(inputs.image), options);
  try {
    for (const network of networks.slice(1)) {
      await call(`joining ${name} to the network ${network.name}`, () =>
        engine()
          .getNetwork(network.name)
          .connect({Container: container.id, EndpointConfig: endpoint(network)}),
      );
    }
    await putUploads(container, inputs);
    context.signal.throwIfAborted();
  } catch (error) {
    await container.remove({force: true, v: true}).catch(() => {});
    throw error;
  }
  return container;
}

/** Starts a container; one that the engine cannot start is removed. */
export async function startNew(container: Container, name: string): Promise<void> {
  try {
    await container.start();
  } catch (error) {
    await container.remove({force: true, v: true}).catch(() => {});
    throw clear(`starting ${name}`, error);
  }
}

async function create(name: string, image: string, options: ReturnType<typeof createOptions>): Promise<Container> {
  try {
    return await engine().createContainer(options);
  } catch (error) {
    if (statusOf(error) === 404 && /no such image/i.test(messageOf(error))) {
      throw new Error(
        `making ${name}: the image ${image} is not on this machine; make it with a RemoteImage or \`docker pull\``,
      );
    }
    throw clear(`making the container ${name}`, error);
  }
}

/** Networks by name, as the engine wants them, where the inputs may give ids. */
async function named(networks: Attachment[]): Promise<Attachment[]> {
  return Promise.all(
    networks.map(async network => {
      const info = await find(`looking for the network ${network.name}`, () =>
        engine().getNetwork(network.name).inspect(),
      );
      if (!info) throw new Error(`the network ${network.name} does not exist; make it first`);
      return {...network, name: info.Name as string};
    }),
  );
}

/** Removes the container of this name when it was made for the same resource; refuses to touch any other. */
export async function removeLeftover(context: Context, name: string): Promise<void> {
  const container = engine().getContainer(name);
  const info = await find(`looking for a container named ${name}`, () => container.inspect());
  if (!info || info.Name !== `/${name}`) return;
  if (!isOurs(info.Config.Labels, context.urn)) {
    const owner = info.Config.Labels?.[urnLabel];
    throw new Error(
      `a container named ${name} exists already (${info.Id.slice(0, 12)}, ${owner ? `made for ${owner}` : "not made by this program"}). ` +
        `Remove it (docker rm -f ${name}), import it, or choose another name.`,
    );
  }
  context.log("info", `replacing the container ${name} that an interrupted update left behind`);
  await call(`removing the leftover container ${name}`, () => container.remove({force: true, v: true}));
}
