export interface TarFile {
  /** Relative, at most 255 bytes. */
  path: string;
  content: Buffer;
  mode: number;
  uid: number;
  gid: number;
}

/** A tar archive (ustar) of plain files: what the engine takes as an upload. Missing folders are made by the engine. */
export function tarball(files: TarFile[]): Buffer {
  const blocks: Buffer[] = [];
  for (const file of files) {
    blocks.push(header(file), file.content, Buffer.alloc((512 - (file.content.length % 512)) % 512));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(file: TarFile): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;
  const [prefix, name] = split(file.path);
  block.write(name, 0, 100);
  block.write(octal(file.mode, 8), 100);
  block.write(octal(file.uid, 8), 108);
  block.write(octal(file.gid, 8), 116);
  block.write(octal(file.content.length, 12), 124);
  block.write(octal(Math.floor(Date.now() / 1000), 12), 136);
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  block.write(prefix, 345, 155);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** Long paths are cut at a slash into the two fields of the format. */
function split(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ["", path];
  for (let i = path.indexOf("/"); i > 0; i = path.indexOf("/", i + 1)) {
    const [prefix, name] = [path.slice(0, i), path.slice(i + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name];
  }
  throw new Error(`the path ${path} is too long for an upload: 255 bytes, names of 100`);
}
