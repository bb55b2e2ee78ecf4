import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {type MariaDb, startMariaDb} from "../../test/mariadb.ts";
import {type Database, logIn} from "../session.ts";
import {watchDaemon} from "./daemon.ts";

let server: MariaDb;
let db: Database;
test.before(async () => {
  server = await startMariaDb(`holdfast-daemon-${process.pid}`);
  db = {...server, host: server.address};
});
test.after.always(() => server?.remove());

const everyMs = 50;

/** Logins that a watcher of this daemon made in so long, and what it told, when looking is answered with this error. */
async function watched(errno: number, ms: number): Promise<{logins: number; looks: number}> {
  const {connection, socket} = await logIn(db, 5000);
  const ask = async () => Number((await connection.query("SHOW GLOBAL STATUS LIKE 'Connections'"))[0].Value);
  await connection.query(
    `CREATE OR REPLACE PROCEDURE holdfast.look() SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = ${errno}`,
  );
  const before = await ask();
  const told: string[] = [];
  const over = new AbortController();
  const daemon = watchDaemon(db, everyMs, word => told.push(word), over.signal);
  await sleep(ms);
  over.abort();
  await daemon.done;
  const logins = (await ask()) - before;
  socket.destroy();
  return {logins, looks: told.length};
}

test.serial("in no primary component the session is kept, and asked at its pace", async t => {
  const {logins, looks} = await watched(1047, 1500);
  t.is(logins, 1);
  t.true(looks > 5 && looks <= 1500 / everyMs, `${looks}`);
});

test.serial("a session that cannot be used is left, and the next one waits for its turn", async t => {
  const {logins, looks} = await watched(1053, 1500);
  t.true(logins > 5 && logins <= 1500 / everyMs + 1, `${logins}`);
  t.true(looks >= logins - 1 && looks <= logins, `${looks} looks, ${logins} logins`);
});
