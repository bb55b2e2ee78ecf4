import {createHash, createHmac} from "node:crypto";
import type {FilledRabbitMq} from "./args.ts";

/** RabbitMQ's salted SHA-256 of a password: the members never hold the password itself. The salt is derived from
 *  user and password rather than random: the same input gives the same text, so that an update without changes shows
 *  none. */
export function passwordHash(user: string, password: string): string {
  const salt = createHmac("sha256", password).update(`holdfast rabbitmq salt ${user}`).digest().subarray(0, 4);
  const digest = createHash("sha256").update(salt).update(password, "utf8").digest();
  return Buffer.concat([salt, digest]).toString("base64");
}

/** The definitions that each member imports when it starts: users, the virtual host, permissions and policies. */
export function definitions(args: FilledRabbitMq, passwords: Record<string, string>): string {
  const {vhost} = args;
  const document = {
    users: args.users.map(({name}) => ({
      name,
      password_hash: passwordHash(name, passwords[name]!),
      hashing_algorithm: "rabbit_password_hashing_sha256",
      tags: "",
      limits: {},
    })),
    vhosts: [{name: vhost}],
    permissions: args.users.map(({name, configure, write, read}) => ({user: name, vhost, configure, write, read})),
    policies: args.replication === "mirrored" ? [mirrored(args)] : [],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** When a mirror that comes new fetches what is in its queue: at once, by itself. */
export const mirrorSync = "automatic";

/** A mirror that has not caught up is never promoted: its queue stands still until the member with the messages is
 *  back. */
function mirrored({vhost, copies}: FilledRabbitMq) {
  return {
    vhost,
    name: "holdfast-mirrored",
    pattern: "^(?!amq\\.).*",
    "apply-to": "queues",
    priority: 0,
    definition: {
      ...(copies === "all" ? {"ha-mode": "all"} : {"ha-mode": "exactly", "ha-params": copies}),
      "ha-sync-mode": mirrorSync,
      "ha-promote-on-shutdown": "when-synced",
      "ha-promote-on-failure": "when-synced",
    },
  };
}
