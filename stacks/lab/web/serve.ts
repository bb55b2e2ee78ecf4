import {createServer, type IncomingMessage, type Server} from "node:http";

/** Longest body of a request, bytes. */
const longestBody = 4096;

/** What the service is told by its environment. */
export interface WebSettings {
  member: string;
  healthPath: string;
}

/** A small API to be broken: every answer says which member gave it. `/` and `/items/<n>` answer at once, `/slow` after
 *  200 ms, `POST /items` with the item that it was sent; nothing is kept. While `leaving()` the health check gets 404
 *  and every connection is closed with its answer; requests are still served. */
export function serve({member, healthPath}: WebSettings, leaving: () => boolean): Server {
  const server = createServer(
    {keepAliveTimeout: 65_000, requestTimeout: 10_000, maxHeaderSize: 8192},
    (request, response) => {
      const path = request.url?.split("?")[0] ?? "/";
      const send = (status: number, body: object) =>
        response
          .writeHead(status, {
            "content-type": "application/json",
            "x-served-by": member,
            ...(leaving() ? {connection: "close"} : {}),
          })
          .end(request.method === "HEAD" ? "" : `${JSON.stringify(body)}\n`);
      if (request.method === "POST" && path === "/items") {
        const given = (body: string) => {
          const item = itemIn(body);
          return item === undefined ? send(400, {error: 'takes {"item": <number>}'}) : send(201, {item});
        };
        return void read(request).then(given, () => send(413, {error: `takes ${longestBody} bytes`}));
      }
      request.resume();
      if (path === healthPath) return send(leaving() ? 404 : 200, {member, leaving: leaving()});
      if (request.method !== "GET" && request.method !== "HEAD")
        return send(405, {error: "GET or HEAD, and POST to /items"});
      if (path === "/") return send(200, {member});
      const item = /^\/items\/(\d{1,9})$/.exec(path)?.[1];
      if (item) return send(200, {item: Number(item)});
      if (path === "/slow") return void setTimeout(() => send(200, {slow: true}), 200);
      send(404, {error: "there are /, /items/<number> and /slow"});
    },
  );
  server.maxConnections = 2000;
  return server;
}

/** The body. Rejects when it is too long; a client that goes away is never answered. */
async function read(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request.setEncoding("utf8")) {
    body += part;
    if (body.length > longestBody) throw new Error("too long");
  }
  return body;
}

function itemIn(body: string): number | undefined {
  try {
    const {item} = JSON.parse(body);
    return Number.isInteger(item) ? item : undefined;
  } catch {
    return undefined;
  }
}
