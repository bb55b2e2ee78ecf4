import {oneOf, type Problem, resourceName, show, unique, wholeNumber} from "../../lib/problems.ts";
import {checkDiskKind} from "../disk.ts";
import {checkRoom} from "../room.ts";
import type {GaleraClusterArgs, GaleraDetection} from "./args.ts";
import {fillGalera, sizes} from "./fill.ts";
import {passwordSecret} from "./names.ts";

/** Every problem of the arguments at once. */
export function checkGalera(name: string, args: GaleraClusterArgs): Problem[] {
  const filled = fillGalera(name, args);
  return [
    ...resourceName("name", name),
    ...(name.length > 24
      ? [
          {
            path: "name",
            message: `is ${show(name)}. It takes at most 24 characters, because names of members and secrets start with it.`,
          },
        ]
      : []),
    ...checkSize(args),
    ...checkRoom(filled.room, filled.members, sizes),
    ...checkDatabases(name, filled.databases),
    ...oneOf("stateTransfer", filled.stateTransfer, ["mariabackup", "rsync"]),
    ...oneOf("flushLogAtTrxCommit", filled.flushLogAtTrxCommit, [0, 1, 2]),
    ...wholeNumber("bufferPoolMb", filled.bufferPoolMb, 16, 1_048_576),
    ...wholeNumber("redoLogMb", filled.redoLogMb, 16, 65_536),
    ...wholeNumber("gcacheMb", filled.gcacheMb, 16, 1_048_576),
    ...wholeNumber(
      "memory",
      filled.memory,
      filled.bufferPoolMb + 384,
      4_194_304,
      "The least is `bufferPoolMb` and 384 for connections and state transfers.",
    ),
    ...checkDisk(filled),
    ...oneOf("clock", filled.clock, ["machine", "settable"]),
    ...wholeNumber("maxConnections", filled.maxConnections, 10, 10_000),
    ...wholeNumber("applierThreads", filled.applierThreads, 1, 64),
    ...oneOf("eviction", filled.eviction, [true, false]),
    ...wholeNumber("answerFreshMs", filled.answerFreshMs, 200, 60_000),
    ...checkDetection(filled.detection),
  ];
}

function checkDisk({disk, diskMb, redoLogMb, gcacheMb}: ReturnType<typeof fillGalera>): Problem[] {
  const least = redoLogMb + gcacheMb + 256;
  const kind = checkDiskKind(disk, diskMb, least);
  if (diskMb === 0) return kind;
  return [...kind, ...wholeNumber("diskMb", diskMb, least, 1_048_576, "Or 0 for the platform's storage.")];
}

/** Size, votes and zones: the loss of any one zone must leave more than half of the votes. */
function checkSize(args: GaleraClusterArgs): Problem[] {
  const {members, arbitrator, firstZone, platform} = fillGalera("", args);
  const problems = [
    ...wholeNumber(
      "members",
      members,
      sizes.least,
      sizes.most,
      members === 1 ? "One member alone cannot be highly available: write 3." : "",
    ),
  ];
  if (typeof arbitrator !== "boolean")
    problems.push({path: "arbitrator", message: `is ${show(arbitrator)}. It takes true or false.`});
  problems.push(...wholeNumber("firstZone", firstZone, 0, Math.max(0, platform.zones.length - 1)));
  if (problems.length > 0) return problems;
  if (members % 2 === 0 && !arbitrator) {
    problems.push({
      path: "members",
      message: `is ${members}, an even size: half of it has no quorum. Write ${members + 1}, or \`arbitrator: true\`.`,
    });
  }
  if (members % 2 === 1 && arbitrator) {
    problems.push({
      path: "arbitrator",
      message: `is true with ${members} members, which makes ${members + 1} votes, an even number. Leave it out, or write \`members: ${members + 1}\`.`,
    });
  }
  if (problems.length > 0) return problems;
  const votes = members + (arbitrator ? 1 : 0);
  const inZone = platform.zones.map(
    (_, zone) =>
      Array.from({length: votes}, (_, i) => (i + firstZone) % platform.zones.length).filter(z => z === zone).length,
  );
  const most = Math.max(...inZone);
  if (most * 2 >= votes) {
    problems.push({
      path: "members",
      message: `puts ${most} of ${votes} votes into zone ${show(platform.zones[inZone.indexOf(most)])}, so its loss takes quorum away. The platform has ${platform.zones.length === 1 ? "1 zone" : `${platform.zones.length} zones`}; give it 3 or more.`,
    });
  }
  return problems;
}

const reserved = ["root", "mysql", "mariadb", "answerer", "watcher"];
const reservedDatabases = ["mysql", "sys", "information_schema", "performance_schema", "test", "holdfast"];

function checkDatabases(name: string, databases: GaleraClusterArgs["databases"] = []): Problem[] {
  const problems = databases.flatMap((database, i): Problem[] => [
    ...(typeof database.name === "string" &&
    /^[a-z][a-z0-9_]{0,63}$/.test(database.name) &&
    !reservedDatabases.includes(database.name)
      ? []
      : [
          {
            path: `databases[${i}].name`,
            message: `is ${show(database.name)}. It takes 1 to 64 lower-case letters, digits and "_", starting with a letter, and none of ${reservedDatabases.join(", ")}.`,
          },
        ]),
    ...(typeof database.user === "string" &&
    /^[a-z][a-z0-9]{0,15}$/.test(database.user) &&
    !reserved.includes(database.user)
      ? []
      : [
          {
            path: `databases[${i}].user`,
            message: `is ${show(database.user)}. It takes 1 to 16 lower-case letters and digits, starting with a letter, and none of ${reserved.join(", ")}.`,
          },
        ]),
    ...(`${passwordSecret(name, database.user)}`.length > 64
      ? [
          {
            path: `databases[${i}].user`,
            message: `makes the secret name ${show(passwordSecret(name, database.user))} longer than 64 characters. Shorten it.`,
          },
        ]
      : []),
  ]);
  problems.push(
    ...unique(
      "databases",
      databases.map(d => d.name),
      "name",
    ),
    ...unique(
      "databases",
      databases.map(d => d.user),
      "user",
    ),
  );
  return problems;
}

/** What Galera itself demands (it refuses to start otherwise), and the order without which a timing has no effect. */
function checkDetection(detection: GaleraDetection): Problem[] {
  const known = ["keepaliveMs", "inactiveCheckMs", "suspectMs", "inactiveMs", "installMs", "joinRetransMs"] as const;
  const problems = [
    ...Object.keys(detection)
      .filter(key => !known.includes(key as (typeof known)[number]))
      .map(key => ({path: `detection.${key}`, message: `is not known. It takes ${known.join(", ")}.`})),
    ...known.flatMap(key => wholeNumber(`detection.${key}`, detection[key], 20, 120_000)),
  ];
  if (problems.length > 0) return problems;
  const {keepaliveMs, inactiveCheckMs, suspectMs, inactiveMs, installMs, joinRetransMs} = detection;
  const atMost = (key: keyof GaleraDetection, value: number, limit: number, what: string) => {
    if (value > limit)
      problems.push({
        path: `detection.${key}`,
        message: `is ${value}. It takes at most ${Math.floor(limit)}, ${what}.`,
      });
  };
  if (suspectMs < 500) {
    problems.push({
      path: "detection.suspectMs",
      message: `is ${suspectMs}. It takes 500 or more: with 400 a cluster on a busy machine fell apart while it formed.`,
    });
  }
  atMost("keepaliveMs", keepaliveMs, suspectMs / 3, "a third of `suspectMs`, so that one lost probe is not suspicion");
  atMost("inactiveCheckMs", inactiveCheckMs, suspectMs / 2, "half of `suspectMs`");
  atMost("suspectMs", suspectMs, inactiveMs, "`inactiveMs`");
  atMost("installMs", installMs, inactiveMs, "`inactiveMs`");
  atMost("joinRetransMs", joinRetransMs, suspectMs, "`suspectMs`");
  return problems;
}
