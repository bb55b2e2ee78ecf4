import {oneOf, type Problem, resourceName, show, unique, wholeNumber} from "../../lib/problems.ts";
import {checkDiskKind} from "../disk.ts";
import {checkRoom} from "../room.ts";
import type {RabbitMqArgs} from "./args.ts";
import {fillRabbitMq, sizes} from "./fill.ts";

/** Everything that is wrong with the arguments; empty when nothing is. */
export function checkRabbitMq(name: string, args: RabbitMqArgs): Problem[] {
  const a = fillRabbitMq(name, args);
  const zones = a.platform.zones.length;
  return [
    ...resourceName("name", name),
    ...checkSize(a.members, zones),
    ...checkRoom(a.room, a.members, sizes),
    ...checkVersion(a.version, a.replication),
    ...oneOf("replication", a.replication, ["mirrored", "quorum"]),
    ...checkCopies(args, a.members),
    ...(a.acceptLoss
      ? oneOf("partitionHandling", a.partitionHandling, ["pause_minority", "autoheal", "ignore"])
      : checkPartitionHandling(a.partitionHandling, a.replication)),
    ...oneOf("acceptLoss", a.acceptLoss, [true, false]),
    ...wholeNumber("netTicktimeSeconds", a.netTicktimeSeconds, 4, 120, "Write 5."),
    ...checkVhost(a.vhost),
    ...checkUsers(a.users),
    ...wholeNumber("memory", a.memory, 256, 1_048_576, "It is in MiB."),
    ...checkDiskKind(a.disk, a.diskMb, 128),
    ...(a.diskMb === 0 ? [] : wholeNumber("diskMb", a.diskMb, 128, 1_048_576, "Or 0 for the platform's storage.")),
    ...oneOf("clock", a.clock, ["machine", "settable"]),
    ...wholeNumber("firstZone", a.firstZone, 0, Math.max(zones - 1, 0)),
  ];
}

function checkSize(members: number, zones: number): Problem[] {
  const size = wholeNumber("members", members, sizes.least, sizes.most, "Write 3.");
  if (size.length > 0) return size;
  if (members % 2 === 0) {
    return [
      {
        path: "members",
        message: `is ${members}. An even size survives no more losses than ${members - 1}, and half of it can never serve alone. Write ${members - 1} or ${members + 1}.`,
      },
    ];
  }
  if (members === 1 || Math.ceil(members / zones) * 2 < members) return [];
  return [
    {
      path: "platform.zones",
      message: `are ${zones}. With ${members} members one zone would hold a majority, and losing it would stop the cluster. Give the platform 3 zones or more.`,
    },
  ];
}

function checkVersion(version: string, replication: string): Problem[] {
  const problems: Problem[] = [];
  if (replication === "mirrored" && typeof version === "string" && Number.parseInt(version, 10) >= 4) {
    problems.push({
      path: "replication",
      message: `is "mirrored" on version ${show(version)}. RabbitMQ has no mirrored queues from 4.0 on, and would ignore the policy. Write "quorum".`,
    });
  }
  return [...problems, ...oneOf("version", version, ["3.10"])];
}

function checkCopies(args: RabbitMqArgs, members: number): Problem[] {
  if (args.copies === undefined || args.copies === "all") return [];
  if (args.replication !== "mirrored") {
    return [
      {
        path: "copies",
        message: `is ${show(args.copies)}, which only \`replication\` "mirrored" uses: quorum queues are on every member. Leave it out.`,
      },
    ];
  }
  const problems = wholeNumber("copies", args.copies, Math.min(2, members), members, 'Or write "all".');
  if (problems.length > 0 || args.acceptLoss || Number(args.copies) >= members) return problems;
  return [
    {
      path: "copies",
      message: `is ${args.copies} of ${members}: a leader that is cut off may confirm messages that no other member has, and they are lost. Write "all", \`replication\` "quorum", or take the loss with \`acceptLoss: true\`.`,
    },
  ];
}

function checkPartitionHandling(handling: string, replication: string): Problem[] {
  if (handling === "autoheal" && replication === "mirrored") {
    return [
      {
        path: "partitionHandling",
        message: `is "autoheal" with mirrored queues: both sides would acknowledge, and one side's messages be thrown away. Write "pause_minority", or \`replication\` "quorum".`,
      },
    ];
  }
  if (handling === "ignore") {
    return [
      {
        path: "partitionHandling",
        message: `is "ignore": both sides would serve, and never come together again by themselves. Write "pause_minority".`,
      },
    ];
  }
  return oneOf("partitionHandling", handling, ["pause_minority", "autoheal"]);
}

function checkVhost(vhost: unknown): Problem[] {
  if (typeof vhost === "string" && /^[\w/.-]{1,64}$/.test(vhost)) return [];
  return [{path: "vhost", message: `is ${show(vhost)}. It takes 1 to 64 letters, digits and the characters _ - . /.`}];
}

function checkUsers(users: {name: string; configure: string; write: string; read: string}[]): Problem[] {
  if (users.length === 0)
    return [{path: "users", message: "is empty: nobody could use the cluster. Give one user or more."}];
  return [
    ...users.flatMap((user, i) => [
      ...resourceName(`users[${i}].name`, user.name),
      ...checkReserved(`users[${i}].name`, user.name),
      ...(["configure", "write", "read"] as const).flatMap(right =>
        checkExpression(`users[${i}].${right}`, user[right]),
      ),
    ]),
    ...unique(
      "users",
      users.map(u => u.name),
      "name",
    ),
  ];
}

/** Passwords are secrets named `<component>-<user>`, beside this one. */
function checkReserved(path: string, user: string): Problem[] {
  return user === "cookie"
    ? [{path, message: `is "cookie", the name of the cluster's own secret. Choose another.`}]
    : [];
}

function checkExpression(path: string, text: string): Problem[] {
  try {
    new RegExp(text);
    return [];
  } catch {
    return [{path, message: `is ${show(text)}. It takes a regular expression, such as ".*" for every name.`}];
  }
}
