import {randomUUID} from "node:crypto";
import {createServer, type Server} from "node:net";
import type {Recovery} from "./recovery.ts";
import type {Verdict} from "./verdict.ts";
import {hearHeld, hearRecoveries, homeOf, sayRecoveries, sayView} from "./wire.ts";

/** Longest line that is read. */
const lineLimit = 8192;

/** Where the member's own processes ask, on the loopback of the network that they share with their watcher. One line, a
 *  word and `key=value`s with blanks between, one line back:
 *
 *  | asked | answered |
 *  | --- | --- |
 *  | `ask …`, `hold …` | `join <recoveries>`, `start <recoveries>`, `promise <name>/<ballot> <view>`, `withdraw`, `clear`, |
 *  | | `wait <why>`, `fenced <why>` |
 *  | `health recoveries=… began=…` | `end <why>`, or `ok <home>`: home is `-` outside a primary component |
 *  | `show` | everything that is known, as JSON |
 *  | `force without=a,b` | `ok`, or `refused <why>` |
 *  | `discard` | `ok`, or `refused <why>`: what it has and the cluster does not is thrown away |
 */
export function door(
  recovery: Recovery,
  key: Buffer,
  clock: () => number,
  note: (line: Record<string, unknown>) => void,
): Server {
  let discarding = false;
  let said = "";
  const tell = (told: Verdict) => {
    const text = JSON.stringify(told);
    if (text !== said)
      note({recovery: told.do, ...("why" in told ? {why: told.why} : {}), ...("to" in told ? {to: told.to.name} : {})});
    said = text;
    const clears = discarding && told.do === "fenced" && recovery.beside(clock());
    // The word is about what was said when it was given: it does not wait for another time.
    discarding = false;
    return clears ? "clear" : sayVerdict(told, recovery);
  };
  const answer = (line: string): string => {
    const [word, ...rest] = line.split(" ");
    const words = new Map(rest.map(one => one.split(/=(.*)/s, 2) as [string, string]));
    const now = clock();
    const known = words.get("recoveries");
    if (known !== undefined) recovery.learn(hearRecoveries(known), true);
    switch (word) {
      case "ask":
        return tell(recovery.asked(hearHeld(words, key), now));
      case "hold":
        return tell(recovery.held(hearHeld(words, key), now));
      case "health": {
        recovery.remind(words.get("began"));
        const why = recovery.toEnd(now);
        if (why) note({recovery: "end", why});
        if (why) return `end ${why}`;
        const {cluster} = recovery.message(now);
        return `ok ${cluster ? homeOf(key, cluster) : "-"}`;
      }
      case "show":
        return JSON.stringify(recovery.show(now));
      case "force": {
        const without = (words.get("without") ?? "").split(",").filter(Boolean);
        const refused = recovery.force(randomUUID(), without, now);
        note({recovery: "forced", without: without.join(","), ...(refused ? {refused} : {})});
        return refused ? `refused ${refused}` : "ok";
      }
      case "discard":
        if (recovery.verdict(now)?.do !== "fenced")
          return "refused this member is not fenced: nothing of it is to be thrown away";
        if (!recovery.beside(now)) return "refused nobody serves: what this member has may be the only data there is";
        discarding = true;
        return "ok";
      default:
        return `refused ${word}: not known`;
    }
  };
  const server = createServer({allowHalfOpen: true}, socket => {
    socket.setEncoding("utf8");
    socket.setTimeout(2000, () => socket.destroy());
    socket.on("error", () => undefined);
    let asked = "";
    socket.on("data", (text: string) => {
      asked += text;
      const end = asked.indexOf("\n");
      if (end >= 0) socket.end(`${answer(asked.slice(0, end).trim())}\n`);
      else if (asked.length > lineLimit) socket.destroy();
    });
  });
  server.maxConnections = 16;
  return server;
}

function sayVerdict(told: Verdict, recovery: Recovery): string {
  switch (told.do) {
    case "join":
    case "start":
      return `${told.do} ${sayRecoveries(recovery.recoveries)}`;
    case "promise":
      return `promise ${told.to.name}/${told.to.ballot} ${sayView(told.seen)}`;
    case "withdraw":
      return "withdraw";
    default:
      return `${told.do} ${told.why}`;
  }
}
