import {type Problem, resourceName, show, wholeNumber} from "../../lib/problems.ts";
import {checkRoom, roomFor} from "../room.ts";
import type {FilledHttpService, HttpServiceArgs} from "./args.ts";

const sizes = {least: 2, most: 15};

/** Puts the defaults in. */
export function fillHttp(_name: string, args: HttpServiceArgs): FilledHttpService {
  return {
    platform: args.platform,
    image: args.image,
    command: args.command,
    members: args.members ?? 3,
    room: args.room ?? roomFor(args.members ?? 3, 5, sizes),
    user: args.user ?? "65534",
    port: args.port ?? 8080,
    healthPath: args.healthPath ?? "/health",
    drainSeconds: args.drainSeconds ?? 2,
    env: args.env ?? {},
    memory: args.memory ?? 96,
    firstZone: args.firstZone ?? 0,
  };
}

/** Everything that is wrong with the arguments; empty when nothing is. */
export function checkHttp(name: string, args: HttpServiceArgs): Problem[] {
  const a = fillHttp(name, args);
  const zones = a.platform.zones.length;
  return [
    ...resourceName("name", name),
    ...resourceName("image", a.image),
    ...(Array.isArray(a.command) && a.command.length > 0
      ? []
      : [{path: "command", message: `is ${show(a.command)}. It takes the program and its arguments, as a list.`}]),
    ...wholeNumber(
      "members",
      a.members,
      sizes.least,
      sizes.most,
      "One alone cannot be replaced when it is lost. Write 3.",
    ),
    ...checkRoom(a.room, a.members, sizes),
    ...(zones >= 2
      ? []
      : [
          {
            path: "platform.zones",
            message: `are ${zones}. All members would be lost with one zone. Give the platform 2 zones or more.`,
          },
        ]),
    ...wholeNumber("port", a.port, 1024, 65_535, "Members have no capability for lower ones."),
    ...(/^\/[\x21-\x7e]*$/.test(a.healthPath)
      ? []
      : [
          {path: "healthPath", message: `is ${show(a.healthPath)}. It takes a path such as "/health", without spaces.`},
        ]),
    ...wholeNumber("drainSeconds", a.drainSeconds, 0, 600, "It is in seconds."),
    ...checkEnv(a.env),
    ...wholeNumber("memory", a.memory, 16, 1_048_576, "It is in MiB."),
    ...wholeNumber("firstZone", a.firstZone, 0, Math.max(zones - 1, 0)),
  ];
}

function checkEnv(env: Record<string, string>): Problem[] {
  return Object.keys(env)
    .filter(name => !/^[A-Z][A-Z0-9_]*$/.test(name) || name.startsWith("HOLDFAST_"))
    .map(name => ({
      path: `env.${name}`,
      message: "is not a name to set. It takes capital letters, digits and _, and none that begins with HOLDFAST_.",
    }));
}
