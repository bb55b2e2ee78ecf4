import {createHmac} from "node:crypto";
import type {Held, RecordedView, Recovery, RecoveryMessage, Standing} from "./standing.ts";

/** What proves that data of a history belongs to the cluster whose watchers share the key. It lies in the member's
 *  volume beside the data. */
export const homeOf = (key: Buffer, cluster: string): string =>
  createHmac("sha256", key).update(`home of ${cluster}`).digest("hex");

/** `12:galera-0,galera-1`, `-` for none. */
export const sayView = (view: RecordedView | null): string => (view ? `${view.seqno}:${view.members.join(",")}` : "-");

function hearView(said: string | undefined): RecordedView | null {
  const parts = /^(\d+):([^:]+)$/.exec(said ?? "");
  return parts ? {seqno: Number(parts[1]), members: parts[2]!.split(",").sort()} : null;
}

/** `id/cluster/at/name,name`, with `;` between, `-` for none. */
export const sayRecoveries = (all: readonly Recovery[]): string =>
  all.map(({id, cluster, at, without}) => [id, cluster, at, without.join(",")].join("/")).join(";") || "-";

export function hearRecoveries(said: string | undefined): Recovery[] {
  return (said ?? "").split(";").flatMap(one => {
    const [id, cluster, at, without] = one.split("/");
    const good = id && cluster && /^\d+$/.test(at ?? "");
    return good ? [{id, cluster, at: Number(at), without: (without ?? "").split(",").filter(Boolean)}] : [];
  });
}

/** `key=value` for each thing that a member says of what is on its disk, `-` where there is none. */
export function hearHeld(words: ReadonlyMap<string, string>, key: Buffer): Held {
  const given = (name: string): string | null => {
    const value = words.get(name);
    return value && value !== "-" ? value : null;
  };
  const cluster = given("cluster");
  const view = hearView(words.get("view"));
  const home = given("home");
  const [name, ballot] = given("promise")?.split("/") ?? [];
  const seqno = given("seqno");
  return {
    kind: "held",
    ballot: words.get("ballot") ?? "",
    cluster,
    seqno: seqno && /^\d+$/.test(seqno) ? Number(seqno) : -1,
    view,
    seen: hearView(words.get("seen")),
    crashed: view !== null && words.get("crashed") === "yes",
    ...(words.get("crashed") === "later" ? {beyond: true} : {}),
    home: !cluster || !home ? "unproven" : home === homeOf(key, cluster) ? "ours" : "foreign",
    promise: name && ballot ? {name, ballot} : null,
    receiving: !cluster && words.get("receiving") === "yes",
  };
}

const text = (value: unknown, limit = 64): value is string => typeof value === "string" && value.length <= limit;
const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const texts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length <= 16 && value.every(v => text(v));
const orNull = (value: unknown, is: (value: unknown) => boolean): boolean => value === null || is(value);

const isView = (value: unknown): boolean =>
  object(value) && Number.isSafeInteger(value.seqno) && texts(value.members) && value.members.length > 0;
const isPromise = (value: unknown): boolean => object(value) && text(value.name) && text(value.ballot);
const isForce = (value: unknown): boolean =>
  object(value) &&
  text(value.id) &&
  texts(value.without) &&
  Number.isSafeInteger(value.view) &&
  Number.isSafeInteger(value.turn);
const isRecovery = (value: unknown): boolean =>
  object(value) && text(value.id) && texts(value.without) && text(value.cluster) && Number.isSafeInteger(value.at);

function isStanding(value: unknown): value is Standing {
  if (!object(value)) return false;
  if (value.kind === "running")
    return ["no", "new", "long", "old"].includes(value.stranded as string) && typeof value.answers === "boolean";
  return (
    value.kind === "held" &&
    text(value.ballot) &&
    orNull(value.cluster, v => text(v)) &&
    Number.isSafeInteger(value.seqno) &&
    orNull(value.view, isView) &&
    orNull(value.seen, isView) &&
    typeof value.crashed === "boolean" &&
    (value.beyond === undefined || typeof value.beyond === "boolean") &&
    ["ours", "foreign", "unproven"].includes(value.home as string) &&
    orNull(value.promise, isPromise)
  );
}

/** Reads what a watcher said of recovery; undefined where it said nothing, as those of before do, or nothing of this
 *  form. */
export function hearRecovery(value: unknown): RecoveryMessage | undefined {
  if (!object(value)) return undefined;
  const {standing, cluster, recoveries, force, knows} = value;
  const good =
    orNull(standing, isStanding) &&
    orNull(cluster, v => text(v)) &&
    Array.isArray(recoveries) &&
    recoveries.length <= 32 &&
    recoveries.every(isRecovery) &&
    orNull(force, isForce) &&
    (knows === undefined || typeof knows === "boolean");
  if (!good) return undefined;
  return {standing, cluster, recoveries, force, ...(knows === undefined ? {} : {knows})} as RecoveryMessage;
}
