import {Socket} from "node:net";
import {setImmediate as turn} from "node:timers/promises";
import {setFlagsFromString} from "node:v8";
import {runInNewContext} from "node:vm";
import test from "ava";
import {ask, type Session} from "./session.ts";

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

/** A session whose server answers as told. */
function sessionWith(query: () => Promise<unknown>): Session {
  return {connection: {query} as unknown as Session["connection"], socket: new Socket()};
}
const never = () => new Promise<never>(() => {});

test("an answer is kept no longer than whoever asked keeps it, however long the session lasts", async t => {
  const session = sessionWith(async () => [["wsrep_ready", "ON"]]);
  const answers: WeakRef<object>[] = [];
  const askOnce = async () => {
    answers.push(new WeakRef(await ask<object>(session, "SHOW", 1000)));
  };
  for (let i = 0; i < 100; i++) await askOnce();
  // What a promise was resolved with lives until the turn is over.
  await turn();
  collect();
  t.deepEqual(answers.filter(answer => answer.deref()).length, 0);
  t.is(session.socket.listenerCount("close"), 0);
});

test("a question ends with its session, with its time, and with the server's error", async t => {
  const hanging = sessionWith(never);
  const asked = ask(hanging, "SHOW", 10_000);
  hanging.socket.destroy();
  await t.throwsAsync(asked, {message: "the connection ended"});
  await t.throwsAsync(ask(hanging, "SHOW", 10_000), {message: "the connection ended"});
  const silent = sessionWith(never);
  await t.throwsAsync(ask(silent, "SHOW", 20), {message: "no answer within 20 ms"});
  t.is(silent.socket.listenerCount("close"), 0);
  const refusing = sessionWith(() => Promise.reject(new Error("no")));
  await t.throwsAsync(ask(refusing, "SHOW", 1000), {message: "no"});
});
