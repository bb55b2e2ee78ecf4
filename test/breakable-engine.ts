import {connect, createServer, type Socket} from "node:net";
import {join} from "node:path";
import {temporaryFolder} from "./folder.ts";

/** A way to the docker engine that can be cut, for what happens when the engine goes away: the engine itself serves
 *  others too. */
export interface BreakableEngine {
  /** For `DOCKER_HOST`. */
  host: string;
  /** From now on nobody answers there. May be called twice. */
  cut(): void;
}

/** Makes one. */
export async function breakableEngine(): Promise<BreakableEngine> {
  const real = (process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const path = join(temporaryFolder(), "docker.sock");
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
    return socket;
  };
  const server = createServer({allowHalfOpen: true}, near => {
    const far = keep(connect({path: real, allowHalfOpen: true}));
    keep(near).pipe(far).pipe(near);
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  return {
    host: `unix://${path}`,
    cut() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
