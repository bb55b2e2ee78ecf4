/** Queueing disciplines on every device of a member's own network, put there from outside it by a helper that shares
 *  it. What the member sends is held back; where both directions matter, its peers are hit too. */

const devices = "for device in $(ls /sys/class/net | grep -vx lo); do";

/** Puts the discipline (`tbf rate 1mbit ...`) in the place of whatever there was. */
export const shapeScript = (discipline: string) =>
  `${devices} tc qdisc replace dev "$device" root handle 4f: ${discipline} || exit 1; done`;

/** Prints one JSON list a device. */
export const showScript = `${devices} tc -s -j qdisc show dev "$device" root || exit 1; echo; done`;

/** Takes ours away and leaves others alone. */
export const unshapeScript = `${devices} if tc qdisc show dev "$device" root | grep -q ' 4f: '; then tc qdisc del dev "$device" root || exit 1; fi; done`;

/** Exit code 4 when no device has ours. */
export const shapedScript = `${devices} if tc qdisc show dev "$device" root | grep -q ' 4f: '; then exit 0; fi; done; exit 4`;

/** Asks the kernel whether it has the discipline, on the loopback of a network that nobody uses. */
export const tryScript = (discipline: string) => `tc qdisc add dev lo root ${discipline}`;

/** Sends a packet on every network: to the address beside its own, which needs not be anybody's. */
export const pokeScript = `ip -o -4 addr show scope global | awk '{sub("/.*", "", $4); print $4}' | while read -r own; do
  last=\${own##*.}
  timeout 1 bash -c "echo >/dev/udp/\${own%.*}.$((last ^ 1))/9" 2>/dev/null
done; true`;

export interface Shaped {
  kind: string;
  handle: string;
  bytes: number;
  packets: number;
  /** How often a packet had to wait for its turn. */
  overlimits: number;
  options?: Record<string, unknown>;
}

/** Ours, of every device. */
export function shapedOf(output: string): Shaped[] {
  return output
    .split("\n")
    .filter(line => line.trim().startsWith("["))
    .flatMap(line => JSON.parse(line) as Shaped[])
    .filter(one => one.handle === "4f:");
}
