import type {Writable} from "node:stream";
import type Docker from "dockerode";
import {filesDir, labels} from "../../lib/names.ts";
import {tar} from "../../lib/tar.ts";
import {confined, ignore} from "./docker-engine.ts";
import {split} from "./docker-exec.ts";
import type {Starts} from "./docker-starts.ts";
import type {ClientProcess, ClientSpec} from "./target.ts";

/** Starts a workload client: no capabilities, no new privileges, read-only root, not root, on one network without a way
 *  out. Its files go into a volume without a name before it starts, because docker refuses uploads into a read-only
 *  root. */
export async function startClient(
  docker: Docker,
  spec: ClientSpec,
  network: string,
  starts: Starts,
): Promise<ClientProcess> {
  const container = await docker.createContainer({
    name: spec.name,
    Image: spec.image,
    ...(spec.command ? {Cmd: spec.command} : {}),
    User: "65534:0",
    Labels: {[labels.stack]: spec.stack, [labels.run]: spec.run, [labels.role]: "workload"},
    OpenStdin: true,
    // The end of the runner's connection is the end of the client's input.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Volumes: {[filesDir]: {}},
    HostConfig: {
      ...confined(spec.memory, 64),
      NetworkMode: network,
      // The clock of the measurement: what starts again beside it must not make it late.
      CpuShares: 8192,
    },
  });
  const remove = once(async () => {
    await container.remove({force: true, v: true}).catch(ignore(404, 409));
  });
  try {
    const files = Object.entries(spec.files).map(([name, content]) => ({
      name,
      content,
      mode: spec.writable?.includes(name) ? 0o660 : 0o440,
    }));
    await container.putArchive(Buffer.from(tar(files)), {path: filesDir});
    const stream = await container.attach({stream: true, stdin: true, stdout: true, stderr: true, hijack: true});
    const [stdout, stderr] = split(docker, stream);
    const ended = container
      .wait({condition: "next-exit"})
      .then((r: {StatusCode: number}) => r.StatusCode)
      .catch(() => -1);
    await starts.measure(() => container.start());
    stream.on("error", () => {});
    return {stdin: stream as unknown as Writable, stdout, stderr, ended, remove};
  } catch (error) {
    await remove();
    throw error;
  }
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= action());
}
