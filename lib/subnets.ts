/** An IPv4 subnet as numbers. */
export interface Subnet {
  base: number;
  bits: number;
}

/** Reads `198.18.0.0/24`; undefined when it is no IPv4 subnet or has host bits set. */
export function parseSubnet(text: unknown): Subnet | undefined {
  const match = typeof text === "string" ? /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text) : null;
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some(n => n > 255) || bits > 32) return undefined;
  const base = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  return base % 2 ** (32 - bits) === 0 ? {base, bits} : undefined;
}

/** How many addresses a subnet spans. */
export const subnetSize = (subnet: Subnet): number => 2 ** (32 - subnet.bits);

/** True when the two share an address. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.base < b.base + subnetSize(b) && b.base < a.base + subnetSize(a);
}

/** The dotted form of the address `offset` after the subnet's base. */
export function addressAt(subnet: Subnet, offset: number): string {
  const n = subnet.base + offset;
  return [24, 16, 8, 0].map(shift => Math.floor(n / 2 ** shift) % 256).join(".");
}

/** The dotted form with the prefix length. */
export const showSubnet = (subnet: Subnet): string => `${addressAt(subnet, 0)}/${subnet.bits}`;

/** Cuts a subnet into parts of `bits` and gives part number `index`. */
export function part(subnet: Subnet, bits: number, index: number): Subnet {
  return {base: subnet.base + index * 2 ** (32 - bits), bits};
}
