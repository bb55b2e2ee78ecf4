import type {Lint} from "../../lib/budget/lint.ts";
import type {TopologyComponent} from "../../lib/topology.ts";

/** A cluster that was told to serve on in both halves, or to throw the work of one away. */
export function partitions({name, settings}: TopologyComponent): Lint[] {
  const lint = (level: Lint["level"], text: string): Lint[] => [{level, rule: "autoheal", component: name, text}];
  const {partitionHandling: handling, replication} = settings;
  if (handling === "ignore")
    return lint(
      "error",
      "handles partitions by `ignore`: both sides serve, and never come together again by themselves. Use pause_minority.",
    );
  if (handling !== "autoheal") return [];
  return replication === "mirrored"
    ? lint(
        "error",
        "heals partitions by `autoheal` with mirrored queues: both sides acknowledge, and the messages of one are thrown away. Use pause_minority.",
      )
    : lint(
        "warning",
        "heals partitions by `autoheal`: queues that are not replicated lose what the smaller side took. Use pause_minority.",
      );
}

/** Only a leader that waits for everybody confirms nothing by itself when it is cut off. */
export function fewCopies({name, members, settings: {replication, copies}}: TopologyComponent): Lint[] {
  if (replication !== "mirrored" || typeof copies !== "number" || copies >= members.length) return [];
  const text = `has each mirrored queue on ${copies} of ${members.length} members: a leader that is cut off may confirm messages that no other member has. Use "all", or quorum queues.`;
  return [{level: "error", rule: "copies", component: name, text}];
}

/** Mirrors that get nothing of what was there before them. */
export function mirrorSync({name, settings: {replication, mirrorSync: sync}}: TopologyComponent): Lint[] {
  if (replication !== "mirrored" || sync === "automatic" || sync === undefined) return [];
  const text = `mirrors queues with \`ha-sync-mode\` ${JSON.stringify(sync)}: a member that came back has nothing of older messages, and the loss of the next one loses them or stops the queue. Use "automatic".`;
  return [{level: "error", rule: "mirror-sync", component: name, text}];
}
