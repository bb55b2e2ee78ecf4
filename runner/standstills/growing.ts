import type {FileHandle} from "node:fs/promises";

/** A file that grows with every write, as logs do, and begins anew before it is in anybody's way. */
export class GrowingFile {
  readonly #file: FileHandle;
  readonly #longest: number;
  #length = 0;

  /** `longest`: bytes that it has at most. */
  constructor(file: FileHandle, longest: number) {
    this.#file = file;
    this.#longest = longest;
  }

  /** Comes back when both what was written and the new length are on the disk. */
  async append(block: Buffer): Promise<void> {
    if (this.#length + block.length > this.#longest) {
      await this.#file.truncate();
      this.#length = 0;
    }
    await this.#file.write(block, 0, block.length, this.#length);
    this.#length += block.length;
    await this.#file.sync();
  }
}
