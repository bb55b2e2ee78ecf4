import {createServer, type Server} from "node:http";
import {type AnswerRules, answer} from "./answer.ts";
import type {Watched} from "./watch.ts";

/** Answers load balancers: `/writable` 200 or 503 with the reason, `/state` the same as JSON. Everything about a
 *  connection is bounded. */
export function serve(seen: Watched, rules: AnswerRules): Server {
  const server = createServer(
    {requestTimeout: 2000, headersTimeout: 2000, keepAliveTimeout: 5000, maxHeaderSize: 4096},
    (request, response) => {
      // A body is neither wanted nor kept.
      request.resume();
      const path = request.url?.split("?")[0];
      const send = (code: number, type: string, body: string) =>
        response
          .writeHead(code, {
            "content-type": type,
            "content-length": Buffer.byteLength(body),
            "cache-control": "no-store",
          })
          .end(request.method === "HEAD" ? "" : body);
      if (request.method !== "GET" && request.method !== "HEAD" && request.method !== "OPTIONS")
        return send(405, "text/plain", "GET, HEAD or OPTIONS\n");
      const now = performance.now();
      const {writable, reason} = answer(seen.look, seen.trouble, now, rules, seen.freeBytes);
      if (path === "/" || path === "/writable") return send(writable ? 200 : 503, "text/plain", `${reason}\n`);
      if (path === "/state") {
        const {look} = seen;
        const ageMs = look ? Math.round(now - look.at) : null;
        return send(
          200,
          "application/json",
          `${JSON.stringify({writable, reason, ageMs, localState: look?.localState ?? null, clusterStatus: look?.clusterStatus ?? null, ready: look?.ready ?? null})}\n`,
        );
      }
      return send(404, "text/plain", "/writable or /state\n");
    },
  );
  server.maxConnections = 64;
  server.setTimeout(10_000);
  return server;
}
