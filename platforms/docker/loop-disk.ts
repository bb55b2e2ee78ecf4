import {createHash} from "node:crypto";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {labels} from "../../lib/names.ts";
import type {DiskSpec, Volume} from "../platform.ts";
import {type DockerContext, dependencies, labelList} from "./context.ts";
import {containerArgs} from "./process.ts";
import {Keeper} from "./resources.ts";

/** A disk that can lose its power: an ext4 image in a volume of docker's own, on a loop device. A container beside the
 *  member (`templates/disk`) attaches the device and keeps it mounted; docker mounts the same device for the member, so
 *  the member needs no right to it. The kernel lets go of the device with the last of these mounts, however they end.
 *  It survives a restart of the engine and of the machine. */
export function createLoopDisk(
  platform: DockerContext,
  name: string,
  {megabytes, uid}: DiskSpec,
  opts: pulumi.ComponentResourceOptions,
): Volume {
  // Another size is another disk, as with those of memory.
  const sized = `${name}-loop-${megabytes}m`;
  const engineName = platform.named(sized);
  const number = loopNumber(engineName);
  const volume = new docker.Volume(
    sized,
    {
      name: engineName,
      labels: labelList(platform.labels),
      driver: "local",
      driverOpts: {type: "ext4", device: `/dev/loop${number}`, o: "nosuid,nodev,noexec"},
    },
    {parent: opts.parent},
  );
  const imageName = `${sized}-image`;
  const image = new docker.Volume(
    imageName,
    {name: platform.named(imageName), labels: labelList(platform.labels)},
    {parent: opts.parent},
  );
  const keeper = platform.named(`${name}-disk`);
  const recipe = platform.image("disk");
  const process = {
    image: "disk",
    command: ["holdfast-disk", "keep"],
    user: "0",
    memory: 64,
    env: {
      HOLDFAST_DISK_NUMBER: String(number),
      HOLDFAST_DISK_MEGABYTES: String(megabytes),
      HOLDFAST_DISK_UID: String(uid),
    },
    scratch: [{path: "/run/holdfast-disk", megabytes: 1, mode: "0700"}],
    volumes: [{path: "/image", volume: {name: platform.named(imageName), resource: image}}],
    // It waits for the member's mount to go, so that no device is left: a member has 30 s to stop.
    stopGrace: 45,
  };
  const resource = new Keeper(
    `${name}-disk`,
    {
      ...containerArgs(process, {
        name: keeper,
        image: recipe.id,
        labels: {...platform.labels, [labels.role]: "disk"},
      }),
      capabilities: {drops: ["ALL"], adds: ["CAP_SYS_ADMIN", "CAP_MKNOD", "CAP_CHOWN"]},
      // Docker's profile for AppArmor forbids every mount.
      securityOpts: ["no-new-privileges:true", "apparmor=unconfined"],
      deviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
      networkMode: "none",
      restart: "unless-stopped",
      mustRun: false,
      healthcheck: {
        tests: ["CMD", "holdfast-disk", "ready"],
        interval: "30s",
        timeout: "10s",
        retries: 1,
        startPeriod: "60s",
      },
      wait: true,
      waitTimeout: 60,
    },
    {
      parent: opts.parent,
      deleteBeforeReplace: true,
      dependsOn: [...dependencies(opts), volume, image, recipe.resource],
    },
  );
  return {name: engineName, resource, disk: {megabytes, kind: "loop", keeper}};
}

/** Which loop device, by the disk's name: docker has to know it before it is there, and after a restart of the machine
 *  it must be the same. Low numbers are left to `losetup --find`; the kernel has 2^20. Two disks with one number are
 *  refused by the second's keeper. */
export function loopNumber(disk: string): number {
  return 0x10000 + (createHash("sha256").update(disk).digest().readUInt32BE() % 0xf0000);
}
