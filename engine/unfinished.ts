import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";
import {note} from "../lib/output.ts";
import {projectState} from "../lib/paths.ts";
import {dataIn} from "./files.ts";
import {asTyped, type OpenStack} from "./open.ts";

/** A `down` that has begun: the names of what it would lose for good. */
interface Begun {
  data: string[];
}

/** Where it is noted: beside the state of this checkout. */
const marks = projectState("downs");

type Stack = Pick<OpenStack, "reference" | "files">;

/** Notes, before anything is deleted, that a `down` begins. One that did not end before is gone on with: what it has
 *  lost already stays noted. */
export function noteDown(stack: Stack, folder = marks): void {
  if (!stack.files) return;
  const data = [...(begun(stack, folder)?.data ?? []), ...dataIn(stack.files).map(({name}) => name)];
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const file = fileOf(stack, folder);
  writeFileSync(`${file}.new`, JSON.stringify({data: [...new Set(data)]}));
  renameSync(`${file}.new`, file);
}

/** Notes that no `down` is under way any more: it ended, or the stack is whole again. */
export function dropDown(stack: Stack, folder = marks): void {
  rmSync(fileOf(stack, folder), {force: true});
}

/** Whether a `down` of the stack began and did not end. */
export function isHalfDown(stack: Stack, folder = marks): boolean {
  return begun(stack, folder) !== undefined;
}

/** Refuses to make a stack of which a `down` that did not end has deleted data, or a one-shot that made it: what is
 *  left of a cluster's data does not come up with members that are empty, and an empty one must never start a history
 *  of its own beside it. Where no data is gone, says so and lets it go on. Errors (69): how much is gone, and what to
 *  type. Not known for states that are not in files, nor of plain `pulumi destroy`. */
export function refuseHalfDown(stack: Stack, folder = marks): void {
  const before = begun(stack, folder);
  if (!before) return;
  const left = new Set(dataIn(stack.files!).map(({name}) => name));
  const lost = before.data.filter(name => !left.has(name));
  const {label} = stack.reference;
  const typed = asTyped(stack.reference);
  if (lost.length === 0) {
    note(`holdfast: the last down of ${label} did not end, and deleted no data: going on from what is left.`);
    return;
  }
  throw new CliError(
    `The last down of ${label} did not end, and ${lost.length} of the ${before.data.length} volumes and one-shots with its data are gone: ${lost.slice(0, 5).join(", ")}${lost.length > 5 ? ", …" : ""}. The rest does not make a stack any more. To end it and begin anew: ./holdfast down ${typed} && ./holdfast up ${typed}`,
    exitCodes.unavailable,
  );
}

/** Does something; where it fails while a `down` has not ended, the error says what helps for certain. */
export async function saidOfHalfDown<T>(stack: Stack, work: () => Promise<T>, folder = marks): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== exitCodes.fail || !isHalfDown(stack, folder)) throw error;
    const typed = asTyped(stack.reference);
    const hint = `The last down of ${stack.reference.label} did not end. What it left may need members that are gone. To begin anew: ./holdfast down ${typed} && ./holdfast up ${typed}`;
    throw new CliError(`${error.message}\n${hint}`, error.code);
  }
}

const fileOf = ({reference}: Stack, folder: string): string =>
  join(folder, `${reference.project}-${reference.name}.json`);

function begun(stack: Stack, folder: string): Begun | undefined {
  const file = fileOf(stack, folder);
  if (!stack.files || !existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8"));
}
