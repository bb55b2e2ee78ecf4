/** One file of an archive. */
export interface TarFile {
  name: string;
  content: string | Uint8Array;
  /** Permission bits, such as 0o440. */
  mode: number;
}

const block = 512;

/** A tar archive (ustar) of plain files that belong to root, as docker takes it for uploads. Names have up to 100
 *  bytes. */
export function tar(files: readonly TarFile[]): Uint8Array {
  const parts = files.flatMap(file => {
    const bytes = typeof file.content === "string" ? new TextEncoder().encode(file.content) : file.content;
    return [
      header(file.name, bytes.length, file.mode),
      bytes,
      new Uint8Array((block - (bytes.length % block)) % block),
    ];
  });
  return Buffer.concat([...parts, new Uint8Array(2 * block)]);
}

function header(name: string, size: number, mode: number): Uint8Array {
  const bytes = Buffer.alloc(block);
  if (Buffer.byteLength(name) > 100) throw new Error(`tar: the name ${name} is longer than 100 bytes.`);
  bytes.write(name, 0);
  const octal = (value: number, at: number, width: number) =>
    bytes.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(0, 136, 12);
  bytes.write("        ", 148, "latin1");
  bytes.write("0", 156, "latin1");
  bytes.write("ustar\u000000", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}
