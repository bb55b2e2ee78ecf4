import {access, constants, readFile, stat, writeFile} from "node:fs/promises";
import {cgroupsOf, controllerIn} from "./docker-cgroup.ts";

/** Files of the kernel through which the writes of one container are held back, by version of its control groups. */
interface Files {
  set: string;
  /** The line for a rate, or to have none. */
  line(device: string, rate: number | undefined): string;
  /** The rate in what the file says of the device. */
  rate(words: string): number | undefined;
  written: string;
  bytes(words: string): number | undefined;
}

/** The limit of a container's writes to the disk below the engine's folder, set by root on the engine's own machine:
 *  docker itself sets it at creation alone. */
export class Throttle {
  /** Why it cannot be set here; undefined when it can. */
  readonly why: string | undefined;
  readonly #files: Files | undefined;
  readonly #device: string;

  private constructor(device: string, files: Files | undefined, why: string | undefined) {
    this.#device = device;
    this.#files = files;
    this.why = why;
  }

  /** `pid`: the container's first process on this machine; `folder`: where the engine keeps volumes. */
  static async of(id: string, pid: number, folder: string): Promise<Throttle> {
    const device = await diskOf(folder);
    const cgroups = await cgroupsOf(id, pid);
    if (cgroups === undefined)
      return new Throttle("", undefined, "The docker engine is not on this machine, so its disk cannot be made slow.");
    if (!device)
      return new Throttle("", undefined, `${folder} is not on a disk of its own, so there is no device to make slow.`);
    const files = filesOf(cgroups);
    const can = await access(files.set, constants.W_OK).then(
      () => true,
      () => false,
    );
    return new Throttle(
      device,
      can ? files : undefined,
      can
        ? undefined
        : `A slow disk needs root and the block controller of the kernel: ${files.set} cannot be written.`,
    );
  }

  async set(bytesPerSecond: number | undefined): Promise<void> {
    if (this.#files) await writeFile(this.#files.set, this.#files.line(this.#device, bytesPerSecond));
  }

  async get(): Promise<{bytesPerSecond: number; writtenBytes: number} | undefined> {
    const files = this.#files;
    if (!files) return undefined;
    const mine = async (file: string) =>
      (await readFile(file, "utf8").catch(() => ""))
        .split("\n")
        .filter(line => line.startsWith(`${this.#device} `))
        .join("\n");
    const bytesPerSecond = files.rate(await mine(files.set));
    if (bytesPerSecond === undefined) return undefined;
    return {bytesPerSecond, writtenBytes: files.bytes(await mine(files.written)) ?? 0};
  }
}

function filesOf(cgroups: string): Files {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const {version, folder} = controllerIn(cgroups, "blkio");
  if (version === 1)
    return {
      set: `${folder}/blkio.throttle.write_bps_device`,
      line: (device, rate) => `${device} ${rate ?? 0}`,
      rate: words => number(/ (\d+)$/m.exec(words)?.[1]),
      written: `${folder}/blkio.throttle.io_service_bytes`,
      bytes: words => number(/ Write (\d+)/.exec(words)?.[1]),
    };
  return {
    set: `${folder}/io.max`,
    line: (device, rate) => `${device} wbps=${rate ?? "max"}`,
    rate: words => number(/ wbps=(\d+)/.exec(words)?.[1]),
    written: `${folder}/io.stat`,
    bytes: words => number(/ wbytes=(\d+)/.exec(words)?.[1]),
  };
}

/** `major:minor` of the whole disk that the folder is on; undefined where it is on none (overlay, memory). */
async function diskOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return undefined;
  // As the kernel's makedev packs them.
  const major = Number((BigInt(found.dev) >> 8n) & 0xfffn);
  const minor = Number((BigInt(found.dev) & 0xffn) | ((BigInt(found.dev) >> 12n) & 0xfff00n));
  if (major === 0) return undefined;
  // Limits are set on disks; a partition is inside one.
  const isPart = await readFile(`/sys/dev/block/${major}:${minor}/partition`, "utf8").catch(() => undefined);
  const whole = isPart && (await readFile(`/sys/dev/block/${major}:${minor}/../dev`, "utf8").catch(() => undefined));
  return whole?.trim() || `${major}:${minor}`;
}
