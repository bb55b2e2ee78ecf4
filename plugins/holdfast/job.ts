import type {Container} from "dockerode";
import {type Context, PartialError, type ResourceType} from "../base/resource.ts";
import type {Table} from "../base/table.ts";
import {hasUnknown, type Properties, secret} from "../base/values.ts";
import {call, engine, find, pause} from "../docker/client.ts";
import {processInputs} from "../docker/container-table.ts";
import {lastLines, readLogs} from "../docker/logs.ts";
import {checkProcess, makeContainer, removeLeftover, startNew} from "../docker/make.ts";
import {isOurs, specHash, specLabel} from "../docker/ownership.ts";
import {seen, untilEnded} from "../docker/wait.ts";

/** What is kept of the output, in bytes. */
const outputBytes = 4096;
const defaultTimeout = 120;

const inherited: Table = Object.fromEntries(
  Object.entries(processInputs).map(([key, property]) => [key, {...property, replace: false}]),
);

/** A container that is run once to its end. Only a change of `triggers` or `name` runs it again. */
export const job: ResourceType = {
  token: "holdfast:docker:Job",
  summary: "A one-shot container: made, run to its end, removed; its result is recorded.",
  inputs: {
    ...inherited,
    name: {shape: "string", required: true, replace: true},
    triggers: {shape: {map: "string"}, replace: true},
    timeoutSeconds: {shape: "integer", default: defaultTimeout},
    /** Volumes that have its work, or what came of it. When all are gone a refresh takes the job for gone too, and the
     *  next update runs it again. */
    lostWith: {shape: {list: "string"}},
  },
  outputs: {
    exitCode: {shape: "integer"},
    finishedAt: {shape: "string"},
    output: {shape: "string"},
  },

  async check(inputs) {
    return checkProcess(Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value))));
  },

  diff(changes, old) {
    // An update was interrupted while it ran: the next one looks at its end.
    return old.outputs.exitCode === undefined && !changes.length
      ? [{key: "image", kind: "update", replace: false}]
      : changes;
  },

  async create(context, inputs) {
    return {id: String(inputs.name), outputs: await runToEnd(context, inputs)};
  },

  async read(context, id, inputs, outputs) {
    if (!inputs) return undefined;
    const volumes = (inputs.lostWith ?? []) as string[];
    const there = await Promise.all(volumes.map(volumeIsThere));
    if (volumes.length > 0 && !there.includes(true)) {
      context.log(
        "warning",
        `what the job ${id} made is gone with its volumes (${volumes.join(", ")}): it is run again`,
      );
      return undefined;
    }
    return {id, inputs, outputs: results(outputs)};
  },

  async update(context, _id, old, news) {
    return old.outputs.exitCode === undefined ? runToEnd(context, news) : results(old.outputs);
  },

  async delete(context, _id, inputs) {
    const name = String(inputs.name);
    const info = await find(`looking for the job's container ${name}`, () => engine().getContainer(name).inspect());
    if (info && isOurs(info.Config.Labels, context.urn)) await gone(engine().getContainer(info.Id));
  },
};

const volumeIsThere = async (name: string): Promise<boolean> =>
  (await find(`looking for the volume ${name}`, () => engine().getVolume(name).inspect())) !== undefined;

/** Runs the job, or takes over the run of an interrupted update. */
async function runToEnd(context: Context, inputs: Properties): Promise<Properties> {
  const name = String(inputs.name);
  const container = (await running(context, name, inputs)) ?? (await started(context, name, inputs));
  let result: Properties;
  try {
    result = await ended(context, container, name, Number(inputs.timeoutSeconds ?? defaultTimeout));
  } catch (error) {
    if (context.signal.aborted) {
      // Cutting a bootstrap off half-way does more harm than letting it end.
      const why = `stopped waiting for the job ${name} (${context.signal.reason?.message}); its container runs on, and the next update takes it over`;
      throw new PartialError(name, {}, why);
    }
    await gone(container);
    throw error;
  }
  await gone(container);
  return result;
}

async function ended(context: Context, container: Container, name: string, limit: number): Promise<Properties> {
  const exitCode = await untilEnded(context, container, `the job ${name}`, limit);
  const info = await call(`reading the job ${name}`, () => container.inspect());
  if (exitCode !== 0) throw new Error(`the job ${name} failed: ${seen(info)}\n${await lastLines(container)}`);
  const output = Buffer.from((await readLogs(container, 1000)).stdout)
    .subarray(-outputBytes)
    .toString();
  // Secrets of the inputs may be in what it wrote.
  return {exitCode, finishedAt: info.State.FinishedAt, output: context.secretInputs ? secret(output) : output};
}

/** The container of an interrupted update that did, or does, the same work: running it twice may do harm. */
async function running(context: Context, name: string, inputs: Properties): Promise<Container | undefined> {
  const info = await find(`looking for the job's container ${name}`, () => engine().getContainer(name).inspect());
  if (!info || !isOurs(info.Config.Labels, context.urn)) return undefined;
  const same = info.Config.Labels[specLabel] === specHash(inputs);
  const succeeded = info.State.Status === "exited" && info.State.ExitCode === 0;
  if (!same || !(info.State.Running || succeeded)) return undefined;
  context.log("info", `taking over the job ${name} of an interrupted update`);
  return engine().getContainer(info.Id);
}

async function started(context: Context, name: string, inputs: Properties): Promise<Container> {
  await removeLeftover(context, name);
  const container = await makeContainer(context, inputs);
  await startNew(container, name);
  return container;
}

/** Removes the container and waits until its name is free. */
async function gone(container: Container): Promise<void> {
  await container.remove({force: true, v: true}).catch(() => {});
  for (let tries = 0; tries < 25; tries++) {
    const there = await container.inspect().then(
      () => true,
      () => false,
    );
    if (!there) return;
    await pause(200, AbortSignal.timeout(10_000));
  }
}

const results = ({exitCode, finishedAt, output}: Properties): Properties => ({exitCode, finishedAt, output});
