/** What it takes of docker's client: dockerode fits. */
export interface NetworkEngine {
  getNetwork(id: string): {
    inspect(): Promise<{Name: string; Containers?: Record<string, {Name: string}>}>;
    disconnect(options: {Container: string; Force: boolean}): Promise<unknown>;
  };
  getContainer(id: string): {inspect(): Promise<unknown>};
}

/** Who is still on a network of docker's. */
export interface Users {
  /** Endpoints whose container is gone, taken away by force just now. */
  ghosts: string[];
  /** Containers that are there. */
  users: string[];
}

/** Takes away the endpoints of a network that belong to no container any more. Docker leaves them behind where it was
 *  ended, or a container removed, in the middle of a start, and refuses to remove their network for ever ("has active
 *  endpoints"). Containers that are there are not touched: their names are given instead. */
export async function dropGhosts(engine: NetworkEngine, id: string): Promise<Users> {
  const network = engine.getNetwork(id);
  const {Containers = {}} = await network.inspect();
  const found: Users = {ghosts: [], users: []};
  for (const [key, {Name}] of Object.entries(Containers ?? {})) {
    // `ep-<id>` is an endpoint that no container has joined: a ghost's, or that of a container which is just being
    // started.
    const ids = key.startsWith("ep-") ? [Name] : [key, Name];
    if ((await Promise.all(ids.map(one => isThere(engine, one)))).includes(true)) found.users.push(Name);
    else {
      // An endpoint without a container is only found by its name.
      await network.disconnect({Container: Name, Force: true}).catch(unlessGone);
      found.ghosts.push(Name);
    }
  }
  return found;
}

/** What to do about a network that docker does not remove, after what it said. */
export function whyKept(name: string, said: string, users: readonly string[]): string {
  if (users.length > 0) {
    const commands = users.map(user => `docker network disconnect --force ${name} ${user}`);
    return `the network ${name} is still in use by ${users.join(", ")}; remove or disconnect them first: ${commands.join(" && ")}`;
  }
  if (!/active endpoints/.test(said)) return `removing the network ${name}: ${said}`;
  return `removing the network ${name}: ${said}. Docker lists nobody on it, so its count is wrong, which it mends when it is started again: systemctl restart docker (this ends every container on the machine for a moment). Then run the command again`;
}

async function isThere(engine: NetworkEngine, id: string): Promise<boolean> {
  try {
    await engine.getContainer(id).inspect();
    return true;
  } catch (error) {
    unlessGone(error);
    return false;
  }
}

function unlessGone(error: unknown): void {
  if ((error as {statusCode?: number}).statusCode !== 404) throw error;
}
