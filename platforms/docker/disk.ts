import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {labels} from "../../lib/names.ts";
import type {DiskSpec, Volume} from "../platform.ts";
import {type DockerContext, dependencies, labelList} from "./context.ts";
import {createLoopDisk} from "./loop-disk.ts";
import {containerArgs} from "./process.ts";

/** A volume with a size of its own, of the kind that is asked for. */
export function createDisk(
  platform: DockerContext,
  name: string,
  disk: DiskSpec,
  opts: pulumi.ComponentResourceOptions,
): Volume {
  return (disk.kind === "loop" ? createLoopDisk : createMemoryDisk)(platform, name, disk, opts);
}

/** Docker can give a size to memory alone, without privileges, and forgets it when its last container stops; so a
 *  container that only sleeps keeps it, from before the first one-shot until the stack goes. It survives every fault of
 *  a member, as a disk does; a restart of the engine or of the machine empties it. */
function createMemoryDisk(
  platform: DockerContext,
  name: string,
  {megabytes, uid}: DiskSpec,
  opts: pulumi.ComponentResourceOptions,
): Volume {
  // Another size is another disk: the member that gets it is made anew on it, in its turn, and has its data from the
  // others. The old one goes last.
  const sized = `${name}-${megabytes}m`;
  const engineName = platform.named(sized);
  const volume = new docker.Volume(
    sized,
    {
      name: engineName,
      labels: labelList(platform.labels),
      driver: "local",
      driverOpts: {
        type: "tmpfs",
        device: "tmpfs",
        o: `size=${megabytes}m,uid=${uid},gid=0,mode=0750,nosuid,nodev,noexec`,
      },
    },
    {parent: opts.parent},
  );
  const keeper = platform.named(`${name}-disk`);
  const image = platform.image("base");
  const disk = {name: engineName, resource: volume, disk: {megabytes, kind: "memory" as const, keeper}};
  const sleeper = {
    image: "base",
    command: ["sleep", "infinity"],
    user: "65534",
    memory: 16,
    volumes: [{path: diskPath, volume: disk}],
  };
  const resource = new docker.Container(
    `${name}-disk`,
    {
      ...containerArgs(sleeper, {name: keeper, image: image.id, labels: {...platform.labels, [labels.role]: "disk"}}),
      networkMode: "none",
      restart: "unless-stopped",
      mustRun: false,
    },
    {parent: opts.parent, deleteBeforeReplace: true, dependsOn: [...dependencies(opts), volume, image.resource]},
  );
  return {...disk, resource};
}

/** Where the keeper has it. */
const diskPath = "/disk";
