import {open} from "node:fs/promises";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {GrowingFile} from "./growing.ts";

test("it grows with every write, and begins anew before it is too long", async t => {
  const file = await open(join(temporaryFolder(), "growing"), "w+");
  const growing = new GrowingFile(file, 250);
  const sizes: number[] = [];
  for (let i = 0; i < 5; i++) {
    await growing.append(Buffer.alloc(100, 1));
    sizes.push((await file.stat()).size);
  }
  await file.close();
  t.deepEqual(sizes, [100, 200, 100, 200, 100]);
});
