import type {NetworkInspectInfo} from "dockerode";
import {dropGhosts, whyKept} from "../../lib/ghosts.ts";
import {overlap, parseSubnet} from "../../lib/subnets.ts";
import type {ResourceType} from "../base/resource.ts";
import type {Table} from "../base/table.ts";
import type {Properties} from "../base/values.ts";
import {call, clear, engine, find, messageOf, statusOf} from "./client.ts";
import {labels} from "./container-table.ts";
import {fromLabels, isOurs, specHash, specLabel, urnLabel, withOwnLabels} from "./ownership.ts";

interface Pool {
  subnet?: string;
  gateway?: string;
  ipRange?: string;
  auxAddress?: Record<string, string>;
}

const replace = true;
const pool: Table = {
  subnet: {shape: "string"},
  gateway: {shape: "string"},
  ipRange: {shape: "string"},
  auxAddress: {shape: {map: "string"}},
};

/** Everything but the name is the engine's answer, so a network is read as it is. */
export const network: ResourceType = {
  token: "docker:index/network:Network",
  summary: "A network.",
  inputs: {
    name: {shape: "string", required: true, replace},
    driver: {shape: "string", default: "bridge", replace},
    internal: {shape: "boolean", replace},
    attachable: {shape: "boolean", replace},
    ingress: {shape: "boolean", replace},
    ipv6: {shape: "boolean", replace},
    ipamConfigs: {shape: {list: {object: pool}}, set: true, replace},
    ipamDriver: {shape: "string", default: "default", replace},
    ipamOptions: {shape: {map: "string"}, replace},
    options: {shape: {map: "string"}, replace},
    labels: {shape: labels, set: true, replace},
  },
  outputs: {scope: {shape: "string"}},
  autoname: true,

  async create(context, inputs) {
    const name = String(inputs.name);
    const existing = await named(name);
    if (existing) {
      if (!isOurs(existing.Labels, context.urn) || existing.Labels?.[specLabel] !== specHash(inputs)) {
        throw new Error(taken(existing));
      }
      context.log("info", `taking over the network ${name} that an interrupted update left behind`);
      return {id: existing.Id, outputs: {scope: existing.Scope}};
    }
    try {
      const made = await engine().createNetwork(options(context.urn, inputs));
      const info = await call(`reading the network ${name}`, () => made.inspect());
      return {id: made.id, outputs: {scope: info.Scope}};
    } catch (error) {
      throw await explained(name, inputs, error);
    }
  },

  async read(_context, id, inputs) {
    const info = await find(`reading the network ${id}`, () => engine().getNetwork(id).inspect());
    if (!info) return undefined;
    return {id: info.Id, inputs: inputs ?? importedInputs(info), outputs: {scope: info.Scope}};
  },

  async update(_context, _id, old) {
    return {scope: old.outputs.scope};
  },

  async delete(context, id, inputs) {
    const name = String(inputs.name);
    const who = await find(`reading the network ${name}`, () => dropGhosts(engine(), id));
    if (!who) return;
    if (who.ghosts.length > 0)
      context.log("warning", `${name}: disconnected by force what is no container any more: ${who.ghosts.join(", ")}`);
    if (who.users.length > 0) throw new Error(whyKept(name, "", who.users));
    try {
      await engine().getNetwork(id).remove();
    } catch (error) {
      if (statusOf(error) !== 404) throw new Error(whyKept(name, messageOf(error), []));
    }
  },
};

const options = (urn: string, inputs: Properties) => ({
  Name: String(inputs.name),
  CheckDuplicate: true,
  Driver: String(inputs.driver ?? "bridge"),
  Internal: inputs.internal === true,
  Attachable: inputs.attachable === true,
  Ingress: inputs.ingress === true,
  EnableIPv6: inputs.ipv6 === true,
  IPAM: {
    Driver: String(inputs.ipamDriver ?? "default"),
    Options: inputs.ipamOptions as Record<string, string> | undefined,
    Config: ((inputs.ipamConfigs ?? []) as Pool[]).map(config => ({
      Subnet: config.subnet,
      Gateway: config.gateway,
      IPRange: config.ipRange,
      AuxiliaryAddresses: config.auxAddress,
    })) as never,
  },
  Options: inputs.options as Record<string, string> | undefined,
  Labels: withOwnLabels(urn, inputs),
});

/** The engine allows several networks of one name and finds them by parts of the name too. */
async function named(name: string): Promise<NetworkInspectInfo | undefined> {
  const all = await call("listing networks", () => engine().listNetworks({filters: {name: [name]}}));
  return all.find(candidate => candidate.Name === name);
}

const taken = (existing: NetworkInspectInfo): string => {
  const owner = existing.Labels?.[urnLabel];
  return (
    `a network named ${existing.Name} exists already (${existing.Id.slice(0, 12)}, ` +
    `${owner ? `made for ${owner}` : "not made by this program"}). ` +
    `Remove it (docker network rm ${existing.Name}), import it, or choose another name.`
  );
};

/** An error of creation; an overlap names the network that has the addresses. */
async function explained(name: string, inputs: Properties, error: unknown): Promise<Error> {
  if (!/overlap/i.test(messageOf(error))) return clear(`making the network ${name}`, error);
  const wanted = ((inputs.ipamConfigs ?? []) as Pool[]).flatMap(config => parseSubnet(config.subnet) ?? []);
  const all = await engine()
    .listNetworks()
    .catch(() => []);
  for (const other of all) {
    for (const config of (other.IPAM?.Config ?? []) as {Subnet?: string}[]) {
      const subnet = parseSubnet(config.Subnet);
      if (!subnet || !wanted.some(mine => overlap(mine, subnet))) continue;
      const subnets = ((inputs.ipamConfigs ?? []) as Pool[]).map(pool => pool.subnet).join(", ");
      return new Error(
        `the network ${name} wants ${subnets}, which overlaps with ${config.Subnet} of the network ${other.Name}. ` +
          "Choose another subnet, or remove that network.",
      );
    }
  }
  return clear(`making the network ${name}`, error);
}

function importedInputs(info: NetworkInspectInfo): Properties {
  const configs = ((info.IPAM?.Config ?? []) as {Subnet?: string; Gateway?: string; IPRange?: string}[]).map(
    config => ({
      ...(config.Subnet ? {subnet: config.Subnet} : {}),
      ...(config.Gateway ? {gateway: config.Gateway} : {}),
      ...(config.IPRange ? {ipRange: config.IPRange} : {}),
    }),
  );
  const given = fromLabels(info.Labels);
  const driverOptions = (info.Options ?? {}) as Properties;
  return {
    name: info.Name,
    driver: info.Driver,
    ...(info.Internal ? {internal: true} : {}),
    ...(info.Attachable ? {attachable: true} : {}),
    ...(info.EnableIPv6 ? {ipv6: true} : {}),
    ...(configs.length ? {ipamConfigs: configs} : {}),
    ...(Object.keys(driverOptions).length ? {options: driverOptions} : {}),
    ...(given.length ? {labels: given} : {}),
  };
}
