import {sameValue} from "../base/diff.ts";
import type {ResourceType} from "../base/resource.ts";
import type {Table} from "../base/table.ts";
import type {Properties} from "../base/values.ts";
import {call, engine, find, messageOf, statusOf} from "./client.ts";
import {labels} from "./container-table.ts";
import {fromLabels, isOurs, specHash, specLabel, urnLabel, withOwnLabels} from "./ownership.ts";

const replace = true;
const inputs: Table = {
  name: {shape: "string", required: true, replace},
  driver: {shape: "string", default: "local", replace},
  driverOpts: {shape: {map: "string"}, replace},
  labels: {shape: labels, set: true, replace},
};

interface Info {
  Name: string;
  Driver: string;
  Mountpoint: string;
  Labels: Record<string, string> | null;
  Options: Record<string, string> | null;
}

/** Its id is its name, as the engine has no other. */
export const volume: ResourceType = {
  token: "docker:index/volume:Volume",
  summary: "A volume.",
  inputs,
  outputs: {mountpoint: {shape: "string"}},
  autoname: true,

  async create(context, wanted) {
    const name = String(wanted.name);
    const existing = await inspect(name);
    if (existing) {
      // The engine's create call would hand out the existing volume, with whatever is in it.
      const owner = existing.Labels?.[urnLabel];
      if (!isOurs(existing.Labels, context.urn) || existing.Labels?.[specLabel] !== specHash(wanted)) {
        throw new Error(
          `a volume named ${name} exists already (${owner ? `made for ${owner}` : "not made by this program"}). ` +
            `Remove it (docker volume rm ${name}), import it, or choose another name.`,
        );
      }
      context.log("info", `taking over the volume ${name} that an interrupted update left behind`);
      return {id: name, outputs: {mountpoint: existing.Mountpoint}};
    }
    await call(`making the volume ${name}`, () =>
      engine().createVolume({
        Name: name,
        Driver: String(wanted.driver ?? "local"),
        DriverOpts: wanted.driverOpts as Record<string, string> | undefined,
        Labels: withOwnLabels(context.urn, wanted),
      }),
    );
    return {id: name, outputs: {mountpoint: (await inspect(name))?.Mountpoint}};
  },

  async read(_context, id, known) {
    const info = await inspect(id);
    if (!info) return undefined;
    const actual = actualInputs(info);
    const read: Properties = {...(known ?? {})};
    for (const key of Object.keys(inputs)) {
      if (!known || !sameValue(inputs[key]!, known[key], actual[key])) read[key] = actual[key];
    }
    return {id: info.Name, inputs: read, outputs: {mountpoint: info.Mountpoint}};
  },

  async update(_context, _id, old) {
    return {mountpoint: old.outputs.mountpoint};
  },

  async delete(_context, id) {
    try {
      await engine().getVolume(id).remove();
    } catch (error) {
      if (statusOf(error) === 404) return;
      const users = await usersOf(id);
      throw new Error(
        `removing the volume ${id}: ${users.length ? `in use by ${users.join(", ")}; remove them first: docker rm --force ${users.join(" ")}` : messageOf(error)}`,
      );
    }
  },
};

const inspect = (name: string): Promise<Info | undefined> =>
  find(`reading the volume ${name}`, () => engine().getVolume(name).inspect() as unknown as Promise<Info>);

function actualInputs(info: Info): Properties {
  const given = fromLabels(info.Labels);
  return {
    name: info.Name,
    driver: info.Driver === "local" ? undefined : info.Driver,
    driverOpts: Object.keys(info.Options ?? {}).length ? (info.Options as Properties) : undefined,
    labels: given.length ? given : undefined,
  };
}

const usersOf = async (name: string): Promise<string[]> =>
  (
    await engine()
      .listContainers({all: true, filters: {volume: [name]}})
      .catch(() => [])
  ).map(container => container.Names[0]?.replace(/^\//, "") ?? container.Id.slice(0, 12));
