import {setTimeout as sleep} from "node:timers/promises";
import Docker from "dockerode";
import {recipeOf} from "../platforms/docker/images.ts";
import {loopNumber} from "../platforms/docker/loop-disk.ts";
import {clear} from "./clear.ts";

const startLimitMs = 60_000;

/** A disk on a loop device with its keeper `<name>-disk`, as the docker platform makes them. Its volume is `<name>`,
 *  owned by `uid`. */
export async function makeLoopDisk(name: string, megabytes: number, uid: number): Promise<void> {
  const docker = new Docker();
  await removeLoopDisk(name);
  const device = `/dev/loop${loopNumber(name)}`;
  await docker.createVolume({Name: name, DriverOpts: {type: "ext4", device, o: "nosuid,nodev,noexec"}});
  await docker.createVolume({Name: `${name}-image`});
  const keeper = await docker.createContainer({
    name: `${name}-disk`,
    Image: recipeOf("disk").tag,
    User: "0:0",
    Env: [
      `HOLDFAST_DISK_NUMBER=${loopNumber(name)}`,
      `HOLDFAST_DISK_MEGABYTES=${megabytes}`,
      `HOLDFAST_DISK_UID=${uid}`,
    ],
    HostConfig: {
      NetworkMode: "none",
      Init: true,
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      CapAdd: ["SYS_ADMIN", "MKNOD", "CHOWN"],
      SecurityOpt: ["no-new-privileges:true", "apparmor=unconfined"],
      DeviceCgroupRules: ["b 7:* rwm", "c 10:237 rwm"],
      Tmpfs: {"/run/holdfast-disk": ""},
      Binds: [`${name}-image:/image`],
    },
  });
  await keeper.start();
  for (const deadline = Date.now() + startLimitMs; ; await sleep(200)) {
    const said = (await keeper.logs({stdout: true, stderr: true})).toString();
    if (said.includes("is on")) return;
    if (Date.now() > deadline) throw new Error(`waited ${startLimitMs} ms for ${name}-disk, which says: ${said}`);
  }
}

/** Takes it away in good order; what uses it must be gone. */
export async function removeLoopDisk(name: string): Promise<void> {
  await new Docker()
    .getContainer(`${name}-disk`)
    .stop({t: 45})
    .catch(() => {});
  await clear({containers: [`${name}-disk`], volumes: [name, `${name}-image`]});
}
