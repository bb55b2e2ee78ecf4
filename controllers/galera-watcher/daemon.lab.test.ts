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
const limitMs = 30_000;

/** Logins that a watcher of this daemon made until it told of so many looks, when looking is answered with this error;
 *  `most` is how many turns it had. */
async function watched(errno: number, looks: number): Promise<{logins: number; most: number}> {
  const {connection, socket} = await logIn(db, 5000);
  const ask = async () => Number((await connection.query("SHOW GLOBAL STATUS LIKE 'Connections'"))[0].Value);
  await connection.query(
    `CREATE OR REPLACE PROCEDURE holdfast.look() SIGNAL SQLSTATE '08S01' SET MYSQL_ERRNO = ${errno}`,
  );
  const before = await ask();
  let told = 0;
  const over = new AbortController();
  const from = performance.now();
  const daemon = watchDaemon(db, everyMs, () => told++, over.signal);
  while (told < looks && performance.now() - from < limitMs) await sleep(10);
  const most = (performance.now() - from) / everyMs + 1;
  over.abort();
  await daemon.done;
  const logins = (await ask()) - before;
  socket.destroy();
  return {logins, most};
}

test.serial("in no primary component the session is kept", async t => {
  const {logins} = await watched(1047, 8);
  t.is(logins, 1);
});

test.serial("a session that cannot be used is left, and the next one waits for its turn", async t => {
  const {logins, most} = await watched(1053, 8);
  t.true(logins >= 8 && logins <= most, `${logins} logins in ${most} turns`);
});
