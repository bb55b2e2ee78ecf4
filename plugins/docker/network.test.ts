import {createServer} from "node:http";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../../test/folder.ts";
import {connect, fails} from "../base/harness.ts";
import {configureDocker} from "./client.ts";
import {dockerProvider} from "./provider.ts";

const type = "docker:index/network:Network";

/** As much of docker's API as the removal of a network needs: with `ghosts` on it that no container stands for, and
 *  `miscounted` endpoints that it lists nowhere. */
async function engine(ghosts: string[], users: string[] = [], miscounted = 0) {
  const left = [...ghosts];
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const path = request.url!.replace(/^\/v[\d.]+/, "");
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = (code: number, value?: unknown) =>
      response.writeHead(code).end(value === undefined ? "" : JSON.stringify(value));
    calls.push(`${request.method} ${path} ${body}`.trim());
    const container = /^\/containers\/(\w+)\/json/.exec(path)?.[1];
    if (container)
      return users.includes(container) ? answer(200, {Id: container}) : answer(404, {message: "no such container"});
    if (path.endsWith("/disconnect")) {
      const {Container, Force} = JSON.parse(body);
      if (!Force || !left.includes(Container)) return answer(404, {message: "no such container"});
      left.splice(left.indexOf(Container), 1);
      return answer(200);
    }
    if (request.method === "DELETE")
      return left.length + users.length + miscounted > 0
        ? answer(403, {message: "error while removing network: network net id n1 has active endpoints"})
        : answer(204);
    const on = [...left.map(name => [`ep-${name}`, {Name: name}]), ...users.map(name => [name, {Name: name}])];
    return answer(200, {Id: "n1", Name: "net", Containers: Object.fromEntries(on)});
  });
  const socket = join(temporaryFolder(), "docker.sock");
  await new Promise<void>(done => server.listen(socket, done));
  configureDocker({host: `unix://${socket}`});
  return {calls, close: () => server.close()};
}

test.serial("a network that only ghosts are on goes: they are disconnected by force, and nobody else is", async t => {
  const {calls, close} = await engine(["dead", "removed"]);
  const client = await connect(dockerProvider);
  await client.delete(type, "net", "n1", {name: "net"});
  t.deepEqual(
    calls.filter(call => !call.startsWith("GET")),
    [
      'POST /networks/n1/disconnect {"Container":"dead","Force":true}',
      'POST /networks/n1/disconnect {"Container":"removed","Force":true}',
      "DELETE /networks/n1",
    ],
  );
  client.close();
  close();
});

test.serial("one that a container is on stays, with the command that helps", async t => {
  const {calls, close} = await engine([], ["mine"]);
  const client = await connect(dockerProvider);
  const error = await fails(client.delete(type, "net", "n1", {name: "net"}));
  t.regex(error.message, /still in use by mine; .*docker network disconnect --force net mine/);
  t.deepEqual(
    calls.filter(call => !call.startsWith("GET")),
    [],
  );
  client.close();
  close();
});

test.serial("one whose endpoints docker counts and does not list says what helps", async t => {
  const {close} = await engine([], [], 1);
  const client = await connect(dockerProvider);
  t.regex(
    (await fails(client.delete(type, "net", "n1", {name: "net"}))).message,
    /has active endpoints.*systemctl restart docker/,
  );
  client.close();
  close();
});
