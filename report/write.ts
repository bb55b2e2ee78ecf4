import {existsSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync} from "node:fs";
import {dirname, join, resolve} from "node:path";

/** A report that could not be written or read. The message says the file, why, and what to do. */
export class ReportError extends Error {
  override name = "ReportError";
}

const advice: Record<string, string> = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space",
  EACCES: "this user may not write there: change the folder's owner or name another folder",
  EPERM: "this user may not write there: change the folder's owner or name another folder",
  EROFS: "the file system is read-only: name another folder",
  ENOTDIR: "a part of that path is a file: name another folder",
  EEXIST: "there is a file of that name: name another folder",
  EISDIR: "there is a folder of that name: remove it or name another folder",
  ENOENT: "no folder can be made there: name another one",
  ENAMETOOLONG: "the path is too long: name another folder",
};

/** Writes the files into the folder, which is made; each appears whole or not at all.
 *  @throws ReportError when the folder or a file cannot be written */
export function writeFiles(folder: string, files: Record<string, string>): void {
  attempt(folder, () => makeFolder(folder));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const part = `${path}.part`;
    try {
      attempt(path, () => {
        writeFileSync(part, text);
        renameSync(part, path);
      });
    } catch (error) {
      try {
        rmSync(part, {force: true});
      } catch {
        // What could not be written can often not be removed either; the first error is the one to tell.
      }
      throw error;
    }
  }
}

/** Makes the folder and those above it that are not there, and gives the topmost that it made. Node's own way
 *  (`recursive`) goes on for ever where the system has a folder in which nothing can be made, as below /proc. */
export function makeFolder(folder: string): string | undefined {
  if (folder === "") throw new Error("a folder without a name: name another one");
  const missing: string[] = [];
  for (let at = resolve(folder); !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const at of missing.length > 0 ? missing : [resolve(folder)]) {
    try {
      mkdirSync(at);
    } catch (error) {
      // It was there, or somebody else made it meanwhile.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !statSync(at).isDirectory()) throw error;
    }
  }
  return missing[0];
}

/** Makes the folder for a moment, where it is not there, and writes so many bytes into it and takes them away again: a
 *  disk that is full says so only when it is written to.
 *  @throws ReportError when that does not work */
export function checkRoom(folder: string, bytes: number): void {
  const file = join(folder, `.room-${process.pid}`);
  let made: string | undefined;
  attempt(folder, () => {
    made = makeFolder(folder);
  });
  try {
    attempt(folder, () => writeFileSync(file, Buffer.alloc(bytes, "room ")));
  } finally {
    rmSync(file, {force: true});
    if (made) removeEmpty(resolve(folder), resolve(made));
  }
}

/** Removes the folder and those above it up to `top`, as far as nobody has put anything into them. */
function removeEmpty(folder: string, top: string): void {
  for (let at = folder; at.startsWith(top); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

function attempt(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new ReportError(`Cannot write ${path}: ${advice[code] ?? (error as Error).message}`, {cause: error});
  }
}
