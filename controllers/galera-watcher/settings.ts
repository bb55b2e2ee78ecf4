import {readFileSync} from "node:fs";
import type {Rules} from "./brain.ts";

/** Another member, and how it is reached. */
export interface PeerSettings {
  name: string;
  address: string;
  holdsData: boolean;
}

/** Everything that a watcher is told, in `watcher.json`; times in milliseconds. */
export interface Settings extends Rules {
  name: string;
  address: string;
  holdsData: boolean;
  peers: PeerSettings[];
  /** It evicts who is dead for sure. */
  evicts: boolean;
  /** Where the member's own processes ask how to start: the loopback of the network that they share. */
  door: {host: string; port: number};
  /** Where the watchers hear each other, where load balancers and the health check ask, the daemons' own door, and
   *  replication. */
  ports: {watcher: number; agent: number; admin: number; group: number};
  user: string;
  /** How often it looks at its daemon and speaks. */
  everyMs: number;
  /** A new connection to a port where somebody listens takes no longer: after that it counts as unanswered. */
  unansweredMs: number;
  /** How long load balancers are told that a member is down. Their own checks have found out by then. */
  tellMs: number;
}

/** Settings with the two secrets, each in a file of its own. */
export interface Secrets {
  /** Of the account in the databases. */
  password: string;
  /** That the watchers share. */
  key: Buffer;
}

export function readSettings(folder: string): {settings: Settings; secrets: Secrets} {
  const read = (name: string) => readFileSync(`${folder}/${name}`, "utf8");
  return {
    settings: JSON.parse(read("watcher.json")),
    secrets: {password: read("password"), key: Buffer.from(read("key"))},
  };
}
