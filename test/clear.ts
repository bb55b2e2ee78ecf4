import Docker from "dockerode";

/** Names of what a test makes. */
export interface Made {
  containers?: readonly string[];
  networks?: readonly string[];
  volumes?: readonly string[];
  images?: readonly string[];
}

/** Takes these away, each after what uses it. That one is not there is no fault: a test calls this before it begins and
 *  at its end. */
export async function clear({containers = [], networks = [], volumes = [], images = []}: Made): Promise<void> {
  const docker = new Docker();
  const gone = () => {};
  for (const name of containers) await docker.getContainer(name).remove({force: true, v: true}).catch(gone);
  for (const name of networks) await docker.getNetwork(name).remove().catch(gone);
  for (const name of volumes) await docker.getVolume(name).remove().catch(gone);
  for (const name of images) await docker.getImage(name).remove().catch(gone);
}
