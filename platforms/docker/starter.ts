import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import {labels} from "../../lib/names.ts";
import type {DockerContext} from "./context.ts";
import {containerArgs} from "./process.ts";

/** Where the starter has the engine's socket. */
const inside = "/run/engine.sock";

/** A container that starts what docker leaves down when the engine or the machine is started: processes whose network
 *  holder was not up yet. It is no member, has no network, no capability and nothing that it could write to. It has the
 *  engine's socket, and who has that has the machine: docs/security.md says why it stands all the same. `socket`: its
 *  path on the engine's machine; `auto`: that of {@link engineSocket}. */
export function createStarter(platform: DockerContext, socket: string, opts: pulumi.ResourceOptions): docker.Container {
  const image = platform.image("starter");
  const process = {
    image: "starter",
    command: ["node", "--max-old-space-size=32", "/usr/local/lib/holdfast/starter.mjs"],
    // The socket is root's: of its group alone every engine has another number.
    user: "0",
    memory: 96,
    env: {HOLDFAST_LABEL: `${labels.stack}=${platform.labels[labels.stack]}`, HOLDFAST_SOCKET: inside},
  };
  const frame = {
    name: platform.named("starter"),
    image: image.id,
    labels: {...platform.labels, [labels.role]: "starter"},
  };
  return new docker.Container(
    "starter",
    {
      ...containerArgs(process, frame),
      networkMode: "none",
      mounts: [{type: "bind", source: socket === "auto" ? engineSocket() : socket, target: inside, readOnly: true}],
      restart: "unless-stopped",
      mustRun: false,
    },
    // Another way to the same engine, such as a socket that is passed on, is no reason to make it anew.
    {
      ...opts,
      deleteBeforeReplace: true,
      dependsOn: [image.resource],
      ...(socket === "auto" ? {ignoreChanges: ["mounts"]} : {}),
    },
  );
}

/** The socket of the engine that DOCKER_HOST names. One in a hidden folder of somebody's home is passed on from a
 *  virtual machine (Docker Desktop, Colima), which has it where docker has it by itself; so has an engine that is
 *  reached in another way. */
export function engineSocket(host = process.env.DOCKER_HOST): string {
  const path = /^unix:\/\/(\/.+)$/.exec(host ?? "")?.[1];
  return path === undefined || path.includes("/.") ? "/var/run/docker.sock" : path;
}
