import {existsSync} from "node:fs";
import {setTimeout as sleep} from "node:timers/promises";
import type {Deployment} from "@pulumi/pulumi/automation/index.js";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {dropLock, isOrphan, isStale, knownResources, pendingOperations, readLocks, type StateFiles} from "./files.ts";
import {removeObjects, type StackObject, stackObjects} from "./objects.ts";
import type {OpenStack} from "./open.ts";

/** How long an engine whose command line is gone may take to stop in good order. */
const stopLimit = 60_000;

/** Puts right what a killed command left behind, and says so: a lock whose process is gone, half-made resources,
 *  operations that never ended. Errors (75): another command is at work on this stack. */
export async function recover(open: OpenStack): Promise<void> {
  const {files} = open;
  if (!files) return;
  await clearLocks(files, open);
  const pending = pendingOperations(files);
  if (pending.length > 0) await clearPending(files, open, pending);
}

async function clearLocks(files: StateFiles, open: OpenStack): Promise<void> {
  for (const lock of readLocks(files)) {
    if (!isStale(lock) && isOrphan(lock.pid)) {
      note(
        `holdfast: an earlier command on ${open.reference.label} was killed and its engine (process ${lock.pid}) is still at work: stopping it.`,
      );
      await stopEngine(lock.pid);
    } else if (!isStale(lock)) {
      throw new CliError(
        `Another command has been at work on ${open.reference.label} since ${lock.timestamp} (process ${lock.pid} of ${lock.username} on ${lock.hostname}). Wait for it, or stop it with: kill -INT ${lock.pid}`,
        exitCodes.temporary,
      );
    }
    // An engine that was asked to stop has taken its lock away by itself.
    if (!existsSync(lock.file)) continue;
    note(
      `holdfast: an earlier command on ${open.reference.label} was killed (process ${lock.pid}): its lock is dropped.`,
    );
    dropLock(lock);
  }
}

/** What was being made may or may not be there: what the engine does not know is removed (its volumes stay), and a
 *  refresh reads the rest. */
async function clearPending(files: StateFiles, open: OpenStack, pending: {type: string; urn: string}[]): Promise<void> {
  const names = pending.map(p => `${p.urn.split("::").at(-1)} (${p.type})`).join(", ");
  note(`holdfast: an earlier command was killed in the middle of: ${names}. Putting that right.`);
  if (pending.some(p => p.urn.includes("::docker:"))) {
    await removeHalfMade(open, files, ["container", "network"]);
  }
  const exported = await open.stack.exportStack();
  await open.stack.importStack(withoutPending(exported));
  await open.stack.refresh();
}

/** Removes the containers that the engine does not know: an operation that lost docker's engine on the way could not
 *  take them away, and they hold volumes and  networks. Not before an update, which takes a job that it finds over. */
export async function dropUnknown(open: OpenStack): Promise<void> {
  if (open.files) await removeHalfMade(open, open.files, ["container"]);
}

async function removeHalfMade(open: OpenStack, files: StateFiles, kinds: StackObject["kind"][]): Promise<void> {
  const known = new Set(knownResources(files).map(({id}) => id));
  const halfMade = (await stackObjects(open.reference.label)).filter(
    o => kinds.includes(o.kind) && o.run === undefined && !known.has(o.id),
  );
  const left = await removeObjects(halfMade);
  for (const object of halfMade) note(`holdfast: removed the half-made ${object.kind} ${object.name}.`);
  if (left.length > 0)
    throw new CliError(
      left.map(l => `The half-made ${l.object.kind} ${l.object.name} could not be removed: ${l.why}`).join("\n"),
      exitCodes.unavailable,
    );
}

/** The same state without operations under way. */
export function withoutPending(exported: Deployment): Deployment {
  const {pending_operations: _dropped, ...deployment} = exported.deployment as Record<string, unknown>;
  return {...exported, deployment};
}

/** Asks an engine to stop and waits for it. */
async function stopEngine(pid: number): Promise<void> {
  process.kill(pid, "SIGINT");
  const until = Date.now() + stopLimit;
  while (Date.now() < until) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(200);
  }
  throw new CliError(
    `The engine (process ${pid}) did not stop within ${stopLimit / 1000} s. Wait for it, or end it with: kill -9 ${pid}`,
    exitCodes.temporary,
  );
}
