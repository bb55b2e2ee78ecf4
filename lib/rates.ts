const bits: Record<string, number> = {kbit: 1e3, mbit: 1e6, gbit: 1e9};
const bytes: Record<string, number> = {KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3};

/** Bits a second of `512kbit`, `1mbit` or `1.5gbit`; undefined when it is none. */
export function bitsPerSecond(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)(kbit|mbit|gbit)$/.exec(text) : null;
  return match ? Number(match[1]) * bits[match[2]!]! : undefined;
}

/** Bytes a second of `512KiB/s` or `1MiB/s`; undefined when it is none. */
export function bytesPerSecond(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)\/s$/.exec(text) : null;
  return match ? Number(match[1]) * bytes[match[2]!]! : undefined;
}
