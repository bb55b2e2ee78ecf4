import {access, constants, writeFile} from "node:fs/promises";
import type Docker from "dockerode";
import {LimitError, within} from "../../lib/limit.ts";
import {cgroupsOf, controllerIn} from "./docker-cgroup.ts";
import {engineLimitMs} from "./docker-engine.ts";

/** The engine answers about a container within milliseconds; a busy one within this time. */
const stuckMs = 2000;

/** Docker 20.10 hangs on a container that is frozen in the moment in which a command is being started in it, a health
 *  check or one of ours: the start never comes to its end, and whoever asks for that container waits for it, also who
 *  wants it to go on again. So the container goes on for as long as the start takes, by the kernel's own freezer, which
 *  the engine does not notice. Where the engine is elsewhere, or this is not root, nothing is done, and the looks at
 *  the container say that they get no answer. */
export async function letStartsEnd(container: Docker.Container, freezer: Freezer | undefined): Promise<void> {
  const answer = container.inspect();
  const stuck = await within(stuckMs, `docker's answer about ${container.id}`, answer).then(
    () => false,
    error => {
      if (error instanceof LimitError) return true;
      throw error;
    },
  );
  if (!stuck || !freezer) return;
  await freezer.set("thawed");
  try {
    await within(engineLimitMs, `docker's answer about ${container.id} while it goes on`, answer);
  } finally {
    await freezer.set("frozen");
  }
}

/** Lets a frozen container go on. A command that was being started in it when it froze, after the look of {@link
 *  letStartsEnd}, keeps the engine from doing so: then the kernel's own freezer lets it go on first. */
export async function unpause(container: Docker.Container, freezer: Freezer | undefined): Promise<void> {
  const done = container.unpause();
  await within(stuckMs, `docker unpause of ${container.id}`, done).catch(async error => {
    if (!(error instanceof LimitError)) throw error;
    await freezer?.set("thawed");
    await within(engineLimitMs, `docker unpause of ${container.id} while it goes on`, done);
  });
}

/** The kernel's freezer of one container. */
export class Freezer {
  readonly #file: string;
  readonly #words: FreezerFile["words"];

  private constructor({file, words}: FreezerFile) {
    this.#file = file;
    this.#words = words;
  }

  /** `pid`: the container's first process on this machine. Undefined where it is on another one, or may not be frozen
   *  from here. */
  static async of(id: string, pid: number): Promise<Freezer | undefined> {
    const cgroups = await cgroupsOf(id, pid);
    if (cgroups === undefined) return undefined;
    const found = freezerFile(cgroups);
    return access(found.file, constants.W_OK).then(
      () => new Freezer(found),
      () => undefined,
    );
  }

  async set(state: keyof FreezerFile["words"]): Promise<void> {
    await writeFile(this.#file, this.#words[state]);
  }
}

interface FreezerFile {
  file: string;
  words: {frozen: string; thawed: string};
}

/** The file by the version of the control groups; `cgroups` is what /proc/<pid>/cgroup says. */
export function freezerFile(cgroups: string): FreezerFile {
  const {version, folder} = controllerIn(cgroups, "freezer");
  return version === 1
    ? {file: `${folder}/freezer.state`, words: {frozen: "FROZEN", thawed: "THAWED"}}
    : {file: `${folder}/cgroup.freeze`, words: {frozen: "1", thawed: "0"}};
}
