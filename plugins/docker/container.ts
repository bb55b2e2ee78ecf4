import type {Container} from "dockerode";
import type {Change} from "../base/diff.ts";
import {type Context, PartialError, type ResourceType} from "../base/resource.ts";
import {hasUnknown, type Properties} from "../base/values.ts";
import {call, engine, find, messageOf, pause, statusOf} from "./client.ts";
import {importedInputs} from "./container-import.ts";
import {containerOutputsOf, driftedInputs} from "./container-read.ts";
import {containerInputs, containerOutputs} from "./container-table.ts";
import {readLogs} from "./logs.ts";
import {checkProcess, makeContainer, startNew} from "./make.ts";
import {updateOptions} from "./spec.ts";
import {isUp, mustRun, untilEnded, untilHealthy} from "./wait.ts";

/** Limit of `attach`, which the official plugin does not have, in seconds. `customTimeouts.create` may shorten it. */
const attachLimit = 1800;

/** Limits that the engine can change but not take away. */
const fixed = ["memory", "memoryReservation", "memorySwap", "cpuSet"];

/** Note in the outputs of a container that was made and did not come up as wanted: the next update waits again. */
const unready = "__unready";

export const container: ResourceType = {
  token: "docker:index/container:Container",
  summary: "A container.",
  inputs: containerInputs,
  outputs: containerOutputs,
  autoname: true,

  async check(inputs) {
    const problems = hasUnknown(inputs) ? await checkProcess(onlyKnown(inputs)) : await checkProcess(inputs);
    if (inputs.rm === true && inputs.restart !== undefined && inputs.restart !== "no") {
      problems.push("inputs `rm` and `restart` exclude each other");
    }
    return problems;
  },

  diff(changes, old) {
    const removed = changes.map(
      (change): Change => ({
        ...change,
        replace: change.replace || (change.kind === "delete" && fixed.includes(change.key)),
      }),
    );
    const waiting = old.outputs[unready] !== undefined && !removed.some(change => change.key === "wait");
    return waiting ? [...removed, {key: "wait", kind: "update", replace: false}] : removed;
  },

  async create(context, inputs) {
    const name = String(inputs.name);
    const made = await makeContainer(context, inputs);
    if (inputs.start === false) return {id: made.id, outputs: await outputs(made, inputs)};
    await startNew(made, name);
    await settled(context, made, inputs);
    const seen = await outputs(made, inputs);
    if (inputs.rm === true && inputs.attach === true) await remove(made, inputs);
    return {id: made.id, outputs: seen};
  },

  async read(context, id, inputs, old) {
    const found = await find(`reading the container ${id.slice(0, 12)}`, () => engine().getContainer(id).inspect());
    if (!found) {
      // A container that removes itself after its work is not missing.
      return inputs?.rm === true && inputs.attach === true ? {id, inputs, outputs: computed(old)} : undefined;
    }
    if (!inputs) {
      const image = await find("reading its image", () => engine().getImage(found.Image).inspect());
      const read = importedInputs(found, image);
      return {id: found.Id, inputs: read, outputs: containerOutputsOf(read, found)};
    }
    const now = containerOutputsOf(inputs, found);
    if (old.containerLogs !== undefined) now.containerLogs = old.containerLogs;
    const healthy = isUp(found) && (inputs.wait !== true || found.State.Health?.Status === "healthy");
    if (old[unready] !== undefined && !healthy) now[unready] = old[unready];
    context.signal.throwIfAborted();
    return {id: found.Id, inputs: driftedInputs(inputs, found), outputs: now};
  },

  async update(context, id, old, news) {
    const existing = engine().getContainer(id);
    const name = String(news.name);
    const changed = (key: string) => JSON.stringify(old.inputs[key]) !== JSON.stringify(news[key]);
    const options = updateOptions(news, changed);
    if (Object.keys(options).length) await call(`changing the limits of ${name}`, () => existing.update(options));
    const info = await call(`reading the container ${name}`, () => existing.inspect());
    const endsByItself = news.attach === true || news.rm === true;
    if (news.start !== false && !isUp(info) && !(endsByItself && info.State.Status === "exited")) {
      context.log("info", info.State.Paused ? "resuming it" : "starting it again");
      await call(`starting ${name}`, () => (info.State.Paused ? existing.unpause() : existing.start()));
      await settled(context, existing, news);
    } else if (news.start !== false && old.outputs[unready] !== undefined) await settled(context, existing, news);
    return outputs(existing, news);
  },

  async delete(context, id, inputs) {
    await stop(context, engine().getContainer(id), inputs);
    await remove(engine().getContainer(id), inputs);
  },
};

/** Waits until the container is as the inputs want it: ended, healthy or running. It stays, and is recorded, when it
 *  does not. */
async function settled(context: Context, made: Container, inputs: Properties): Promise<void> {
  try {
    if (inputs.attach === true) {
      const code = await untilEnded(context, made, String(inputs.name), attachLimit);
      if (code !== 0 && inputs.mustRun !== false) throw new Error(`${inputs.name} ended with code ${code}`);
    } else if (inputs.wait === true) {
      await untilHealthy(context, made, Number(inputs.waitTimeout ?? 60));
    } else if (inputs.mustRun !== false && inputs.rm !== true) await mustRun(made);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const seen = await outputs(made, inputs).catch(() => ({}));
    throw new PartialError(made.id, {...seen, [unready]: message.split("\n")[0]}, message);
  }
}

async function outputs(made: Container, inputs: Properties): Promise<Properties> {
  const info = await find("reading the container", () => made.inspect());
  if (!info) return {};
  const result = containerOutputsOf(inputs, info);
  if (inputs.attach === true && inputs.logs === true) {
    const logs = await readLogs(made, 1000);
    result.containerLogs = logs.stdout + logs.stderr;
  }
  return result;
}

async function stop(context: Context, existing: Container, inputs: Properties): Promise<void> {
  const grace = typeof inputs.destroyGraceSeconds === "number" ? {t: inputs.destroyGraceSeconds} : {};
  try {
    await existing.stop({...grace, abortSignal: context.signal} as object);
  } catch (error) {
    // 304: it is stopped; 404: it is gone.
    if (context.signal.aborted)
      throw new Error(`stopped waiting for ${inputs.name} to stop: ${context.signal.reason?.message}`);
    if (statusOf(error) === 304 || statusOf(error) === 404) return;
    // An engine that cannot stop it may still remove it by force.
    context.log("warning", `${inputs.name} could not be stopped: ${messageOf(error)}`);
  }
}

/** Removes it with its anonymous volumes; returns when it is gone. */
async function remove(existing: Container, inputs: Properties): Promise<void> {
  try {
    await existing.remove({force: true, v: inputs.removeVolumes !== false});
  } catch (error) {
    if (statusOf(error) === 404) return;
    if (statusOf(error) !== 409) throw new Error(`removing ${inputs.name}: ${messageOf(error)}`);
    // Another removal is under way.
    for (let tries = 0; tries < 50; tries++) {
      if (!(await find("looking whether it is gone", () => existing.inspect()))) return;
      await pause(200, AbortSignal.timeout(60_000));
    }
    throw new Error(`removing ${inputs.name}: still there after 10 s: ${messageOf(error)}`);
  }
}

const computed = (old: Properties): Properties =>
  Object.fromEntries(Object.keys(containerOutputs).flatMap(key => (old[key] === undefined ? [] : [[key, old[key]]])));

/** Inputs without those that are only known after the update. */
const onlyKnown = (inputs: Properties): Properties =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknown(value)));
