import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";

/** Where a bench keeps each finished piece, so that one that was interrupted goes on where it was. */
export class WorkFolder {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Opens the folder, empty where `fresh` is given. `what` is what its pieces have in common (the commit): pieces of
   *  another are refused, because figures of two versions in one table would compare nothing. */
  static open(folder: string, what: Record<string, string>, fresh = false): WorkFolder {
    if (fresh) rmSync(folder, {recursive: true, force: true});
    mkdirSync(folder, {recursive: true});
    const work = new WorkFolder(folder);
    const before = work.read<Record<string, string>>("about");
    if (before && JSON.stringify(before) !== JSON.stringify(what))
      throw new CliError(
        `${folder} has pieces of ${say(before)}, and this is ${say(what)}. Begin anew with --fresh, or keep them and name another folder with --work.`,
        exitCodes.usage,
      );
    work.write("about", what);
    return work;
  }

  read<T>(name: string): T | undefined {
    const path = join(this.folder, `${name}.json`);
    return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
  }

  /** Every piece whose name begins so, in the order in which they were first written. */
  all<T>(begin: string): T[] {
    return readdirSync(this.folder)
      .filter(file => file.startsWith(begin) && file.endsWith(".json"))
      .map(file => ({file, at: statSync(join(this.folder, file)).mtimeMs}))
      .sort((a, b) => a.at - b.at)
      .map(({file}) => this.read<T>(file.slice(0, -".json".length))!);
  }

  /** In one move: a piece is whole or not there. */
  write(name: string, piece: unknown): void {
    const path = join(this.folder, `${name}.json`);
    writeFileSync(`${path}.part`, `${JSON.stringify(piece, null, 2)}\n`);
    renameSync(`${path}.part`, path);
  }
}

const say = (about: Record<string, string>) =>
  Object.entries(about)
    .map(([key, value]) => `${key} ${value}`)
    .join(", ");
