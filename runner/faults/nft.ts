/** Rules in a member's own network namespace, applied from outside it by a helper that shares it. They hook in at the
 *  devices, before and after everything that the kernel does with a packet: established connections and ARP are cut
 *  like everything else, and senders notice nothing, as with a cable that is cut. Rules further in would tell the
 *  sender ("operation not permitted"). */

export type Direction = "in" | "out" | "both";

export interface Rules {
  /** Name of the table, unique for the injection. */
  table: string;
  /** One rule a line, without what counts and drops: `ip saddr 10.0.0.1`. Empty: everything. */
  in: string[];
  out: string[];
}

/** What a rule has dropped. */
export interface Dropped {
  chain: "in" | "out";
  packets: number;
}

/** Rules that let pass what matches come first and end in `accept`. */
const rule = (text: string) => `    ${/accept$/.test(text) ? text : `${text} counter drop`.trim()}`;

/** Puts the rules on every device of the namespace but the loopback. */
export function applyScript({table, in: ingress, out: egress}: Rules): string {
  const chain = (name: string, hook: string, rules: string[]) =>
    rules.length === 0
      ? []
      : [
          `  chain ${name} {`,
          `    type filter hook ${hook} devices = { $devices } priority 0;`,
          ...rules.map(rule),
          "  }",
        ];
  return [
    `devices=$(ls /sys/class/net | grep -vx lo | sed 's/.*/"&"/' | paste -sd,)`,
    `[ -n "$devices" ] || { echo "no network device but the loopback" >&2; exit 3; }`,
    "nft -f - <<END",
    `table netdev ${table} {`,
    ...chain("in", "ingress", ingress),
    ...chain("out", "egress", egress),
    "}",
    "END",
  ].join("\n");
}

/** Prints the table as JSON; exit code 4 when it is not there. */
export const listScript = (table: string) => `nft -j list table netdev ${table} 2>/dev/null || exit 4`;

/** Does nothing when the table is gone already. */
export const removeScript = (table: string) =>
  `nft list table netdev ${table} >/dev/null 2>&1 || exit 0; nft delete table netdev ${table}`;

/** Asks the kernel for what {@link applyScript} needs, and changes nothing. */
export const ableScript = [
  "nft -c -f - <<END",
  "table netdev holdfast_try {",
  '  chain in { type filter hook ingress devices = { "lo" } priority 0; numgen random mod 1000 < 1 counter drop;',
  "  }",
  '  chain out { type filter hook egress devices = { "lo" } priority 0; ip daddr 198.18.0.1 counter drop;',
  "  }",
  "}",
  "END",
].join("\n");

interface Listed {
  nftables: {rule?: {chain: string; expr: {counter?: {packets: number}}[]}}[];
}

/** Every rule that drops, with how much it has dropped. */
export function droppedOf(json: string): Dropped[] {
  const {nftables} = JSON.parse(json) as Listed;
  return nftables.flatMap(({rule}) => {
    const counter = rule?.expr.find(e => e.counter)?.counter;
    return rule && counter ? [{chain: rule.chain as Dropped["chain"], packets: counter.packets}] : [];
  });
}
