import {readFile} from "node:fs/promises";
import {posix} from "node:path";
import type {Container} from "dockerode";
import type {Properties} from "../base/values.ts";
import {call} from "./client.ts";
import {tarball} from "./tarball.ts";

interface Upload {
  file: string;
  content?: string;
  contentBase64?: string;
  source?: string;
  permissions?: string;
  executable?: boolean;
  owner?: string;
  group?: string;
}

/** The volume path that holds `file`, the deepest one; undefined when it is in the container's own root. */
export function mountOf(inputs: Properties, file: string): string | undefined {
  const targets = [
    ...((inputs.mounts ?? []) as {type: string; target: string}[]).filter(m => m.type !== "tmpfs").map(m => m.target),
    ...((inputs.volumes ?? []) as {containerPath?: string}[]).flatMap(v => (v.containerPath ? [v.containerPath] : [])),
  ].map(target => posix.normalize(target).replace(/(.)\/$/, "$1"));
  const inside = targets.filter(target => file.startsWith(`${target}/`));
  return inside.sort((a, b) => b.length - a.length)[0];
}

/** Problems of uploads that the engine would only tell at the end. */
export function checkUploads(inputs: Properties): string[] {
  const temporary = [
    ...Object.keys((inputs.tmpfs ?? {}) as object),
    ...((inputs.mounts ?? []) as {type: string; target: string}[]).filter(m => m.type === "tmpfs").map(m => m.target),
  ];
  return ((inputs.uploads ?? []) as unknown as Upload[]).flatMap((upload, i) => {
    const at = `input \`uploads[${i}]`;
    const file = String(upload.file);
    const given = [upload.content, upload.contentBase64, upload.source].filter(value => value !== undefined);
    const problems: string[] = [];
    if (given.length !== 1) problems.push(`${at}\` needs exactly one of content, contentBase64 and source`);
    if (!file.startsWith("/")) problems.push(`${at}.file\` is "${file}"; it must be an absolute path`);
    if (upload.permissions !== undefined && !/^0?[0-7]{3,4}$/.test(upload.permissions)) {
      problems.push(`${at}.permissions\` is "${upload.permissions}"; it must be octal, such as "0440"`);
    }
    for (const key of ["owner", "group"] as const) {
      if (upload[key] !== undefined && !/^\d+$/.test(upload[key])) {
        problems.push(`${at}.${key}\` is "${upload[key]}"; the bundled plugin takes numbers only`);
      }
    }
    const mount = mountOf(inputs, file);
    const over = temporary.find(path => file.startsWith(`${path}/`) && path.length > (mount?.length ?? 0));
    if (over) problems.push(`${at}.file\` is "${file}": the engine cannot upload into the tmpfs ${over}; use a volume`);
    else if (inputs.readOnly === true && !mount) {
      problems.push(`${at}.file\` is "${file}": the engine cannot upload into a read-only root; put it into a volume`);
    }
    return problems;
  });
}

/** Writes the files into a container that was created and not yet started. */
export async function putUploads(container: Container, inputs: Properties): Promise<void> {
  const groups = new Map<string, Upload[]>();
  for (const upload of (inputs.uploads ?? []) as unknown as Upload[]) {
    // A read-only root is only let through for a path inside a volume, so each volume gets its own archive.
    const root = mountOf(inputs, upload.file) ?? "/";
    groups.set(root, [...(groups.get(root) ?? []), upload]);
  }
  for (const [root, uploads] of groups) {
    const files = await Promise.all(
      uploads.map(async upload => ({
        path: posix.relative(root, upload.file),
        content: await contentOf(upload),
        mode: upload.permissions ? Number.parseInt(upload.permissions, 8) : upload.executable ? 0o744 : 0o644,
        uid: Number(upload.owner ?? 0),
        gid: Number(upload.group ?? 0),
      })),
    );
    const names = uploads.map(upload => upload.file).join(", ");
    await call(`uploading ${names}`, () => container.putArchive(tarball(files), {path: root}));
  }
}

function contentOf(upload: Upload): Promise<Buffer> | Buffer {
  if (upload.source !== undefined) return readFile(upload.source);
  if (upload.contentBase64 !== undefined) return Buffer.from(upload.contentBase64, "base64");
  return Buffer.from(upload.content ?? "");
}
