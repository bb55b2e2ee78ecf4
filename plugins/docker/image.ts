import type {ImageInspectInfo} from "dockerode";
import type {Context, ResourceType} from "../base/resource.ts";
import type {Shape, Table} from "../base/table.ts";
import type {Properties} from "../base/values.ts";
import {buildHash, buildImage, buildLabel} from "./build.ts";
import {clear, engine, find, messageOf, statusOf} from "./client.ts";

const text: Shape = {map: "string"};
const strings: Shape = {list: "string"};
const replace = true;

const build: Table = {
  context: {shape: "string", required: true, replace},
  dockerfile: {shape: "string", default: "Dockerfile", replace},
  buildArgs: {shape: text, replace},
  tags: {shape: strings},
  labels: {shape: text, replace},
  label: {shape: text},
  target: {shape: "string", replace},
  noCache: {shape: "boolean", replace},
  networkMode: {shape: "string", replace},
  extraHosts: {shape: strings, replace},
  cacheFroms: {shape: strings, replace},
  memory: {shape: "integer", replace},
  forceRemove: {shape: "boolean", replace},
  remove: {shape: "boolean"},
  pullParent: {shape: "boolean", replace},
};

/** An image that is on the machine, or is built from a folder, or pulled. One that is there is never built or pulled
 *  again. */
export const image: ResourceType = {
  token: "docker:index/remoteImage:RemoteImage",
  summary: "An image: found locally, built from a folder, or pulled.",
  inputs: {
    name: {shape: "string", required: true, replace},
    build: {shape: {object: build}, replace},
    keepLocally: {shape: "boolean"},
    forceRemove: {shape: "boolean"},
    pullTriggers: {shape: strings, set: true, replace},
    triggers: {shape: text, replace},
  },
  outputs: {imageId: {shape: "string"}, repoDigest: {shape: "string"}},

  async create(context, inputs) {
    const name = String(inputs.name);
    const settings = inputs.build as Properties | undefined;
    const hash = settings && buildHash(settings, (inputs.triggers ?? {}) as Properties);
    const found = await inspect(name);
    const made = found?.Config?.Labels?.[buildLabel];
    const usable = found && (!hash || !made || made === hash);
    if (usable) context.log("info", "found locally", true);
    else if (settings) await buildImage(context, name, settings, hash!);
    else await pull(context, name);
    const info = usable ? found : await inspect(name);
    if (!info) throw new Error(`the image ${name} is not there after it was ${settings ? "built" : "pulled"}`);
    return {id: info.Id + name, outputs: outputs(info)};
  },

  async read(_context, id, inputs) {
    // The id is the image's own and the name, as in the official plugin.
    const name = inputs ? String(inputs.name) : id.replace(/^sha256:[0-9a-f]{64}/, "");
    const info = await inspect(name);
    return info && {id, inputs: inputs ?? {name}, outputs: outputs(info)};
  },

  async update(_context, _id, _old, news) {
    const info = await inspect(String(news.name));
    if (!info)
      throw new Error(`the image ${news.name} is gone; run \`pulumi refresh\`, then \`pulumi up\` makes it again`);
    return outputs(info);
  },

  async delete(_context, _id, inputs) {
    if (inputs.keepLocally === true) return;
    try {
      await engine()
        .getImage(String(inputs.name))
        .remove({force: inputs.forceRemove === true});
    } catch (error) {
      if (statusOf(error) !== 404) throw new Error(`removing the image ${inputs.name}: ${messageOf(error)}`);
    }
  },
};

const inspect = (name: string): Promise<ImageInspectInfo | undefined> =>
  find(`looking for the image ${name}`, () => engine().getImage(name).inspect());

const outputs = (info: ImageInspectInfo): Properties => ({
  imageId: info.Id,
  repoDigest: info.RepoDigests?.[0] ?? info.Id,
});

async function pull(context: Context, name: string): Promise<void> {
  try {
    const stream = await engine().pull(name, {abortSignal: context.signal});
    let failure: string | undefined;
    await new Promise<void>((done, failed) => {
      const note = (event: {error?: string}) => {
        failure ??= event.error;
      };
      engine().modem.followProgress(stream, error => (error ? failed(error) : done()), note);
    });
    if (failure) throw new Error(failure);
  } catch (error) {
    if (context.signal.aborted) throw new Error(`the pull of ${name} was stopped: ${context.signal.reason?.message}`);
    throw new Error(
      `${clear(`pulling ${name}, which is not on this machine`, error).message}. Give \`build\`, or load it with \`docker load\`.`,
    );
  }
}
