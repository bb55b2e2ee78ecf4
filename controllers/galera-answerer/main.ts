/** Stands beside one Galera member and tells load balancers whether it takes writes. */
import {readFileSync} from "node:fs";
import type {AnswerRules} from "./answer.ts";
import {serve} from "./serve.ts";
import {type Watched, type WatchSettings, watch, watchDisk} from "./watch.ts";

type Settings = AnswerRules & WatchSettings & {address: string; port: number};

const folder = process.argv[2] ?? "/holdfast";
const settings: Settings = JSON.parse(readFileSync(`${folder}/answerer.json`, "utf8"));
settings.database.password = readFileSync(`${folder}/password`, "utf8");

const seen: Watched = {look: undefined, trouble: undefined};
const end = new AbortController();
const server = serve(seen, settings);
server.on("error", error => {
  console.error(`answerer: cannot listen on ${settings.address}:${settings.port}: ${error.message}`);
  process.exit(1);
});
server.listen(settings.port, settings.address, () =>
  console.error(`answerer: listens on ${settings.address}:${settings.port}`),
);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.on(signal, () => {
    end.abort();
    server.close();
    server.closeAllConnections();
  });
}
await Promise.all([watch(settings, seen, end.signal), watchDisk(settings, seen, end.signal)]);
