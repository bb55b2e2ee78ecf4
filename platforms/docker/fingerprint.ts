import {createHash} from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type {MemberSpec, ProcessSpec} from "../platform.ts";

/** A short hash of everything that, when changed, replaces the member: images, commands, files, addresses. Not its
 *  peers: a cluster that grows does not change the members that are there, unless their files do. */
export function fingerprint(spec: MemberSpec, tagOf: (image: string) => string): pulumi.Output<string> {
  const {peers: _, ...rest} = spec;
  const processes = [rest, ...(rest.companions ?? [])].map(p => plain(p, tagOf));
  return pulumi
    .all([pulumi.output(processes), rest.addresses, rest.hosts, rest.sysctls, rest.health])
    .apply(parts => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16));
}

function plain(p: ProcessSpec, tagOf: (image: string) => string) {
  return {
    ...p,
    companions: undefined,
    image: tagOf(p.image),
    volumes: p.volumes?.map(v => ({path: v.path, name: v.volume.name, disk: v.volume.disk})),
  };
}
