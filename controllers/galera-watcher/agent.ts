import {createServer, type Server} from "node:net";

/** Answers one word or line a connection, to whom sends a line: the name of a member gives `up` or `down` (an agent
 *  check of HAProxy), `state` gives names and figures. It says `down` of a member only for a short time after a
 *  majority of watchers has declared it dead; what its own checks find is the load balancer's business otherwise, so an
 *  agent that dies can keep no server out. */
export function agent(isDown: (name: string) => boolean, state: () => Record<string, string | number>): Server {
  const server = createServer({allowHalfOpen: false}, socket => {
    socket.setEncoding("utf8");
    socket.setTimeout(2000, () => socket.destroy());
    socket.on("error", () => undefined);
    let asked = "";
    socket.on("data", (text: string) => {
      asked += text;
      const end = asked.indexOf("\n");
      if (end < 0 && asked.length <= 128) return;
      const word = asked.slice(0, Math.max(end, 0)).trim();
      socket.end(word === "state" ? table(state()) : `${isDown(word) ? "down" : "up"}\n`);
    });
  });
  server.maxConnections = 128;
  return server;
}

const table = (values: Record<string, string | number>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}\t${value}\n`)
    .join("");
