import {type AddressInfo, createServer, type Server} from "node:net";
import test from "ava";
import type {EvidenceEvent} from "./evidence.ts";
import {listenTo, Speaker} from "./mesh.ts";
import {type Message, readMessage, viewOf} from "./message.ts";

const key = Buffer.from("a key that two watchers share ...");
const message = (name: string): Message => ({
  name,
  boot: "b1",
  view: viewOf(3, [
    {name: "m1", id: "id-1"},
    {name: "m0", id: "id-0"},
  ]),
  daemon: "up",
  troubled: [],
  evicting: [],
  vote: null,
  heard: {},
});

async function speaking(): Promise<{speaker: Speaker; port: number}> {
  const speaker = new Speaker(key, 8);
  await new Promise<void>(resolve => speaker.server.listen(0, "127.0.0.1", resolve));
  return {speaker, port: (speaker.server.address() as AddressInfo).port};
}

function listening(port: number, with_ = key) {
  const events: EvidenceEvent[] = [];
  const messages: Message[] = [];
  const end = new AbortController();
  const ear = {met: (e: EvidenceEvent) => events.push(e), told: (m: Message) => messages.push(m)};
  void listenTo({host: "127.0.0.1", port}, with_, "me", ear, end.signal);
  return {events, messages, end};
}

async function until(what: () => boolean, limitMs = 5000): Promise<boolean> {
  for (const begin = performance.now(); performance.now() - begin < limitMs; ) {
    if (what()) return true;
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  return what();
}

test("hears the newest at once, then everything, and the end of the other's process", async t => {
  const {speaker, port} = await speaking();
  speaker.say(message("m1"));
  const {events, messages, end} = listening(port);
  t.teardown(() => end.abort());
  t.true(await until(() => messages.length === 1));
  t.deepEqual(messages[0], message("m1"));
  t.false(speaker.isNew(message("m1")));
  speaker.say({...message("m1"), daemon: "down"});
  t.true(await until(() => messages.length === 2));
  speaker.close();
  t.true(await until(() => events.length === 2));
  t.deepEqual(events, [
    {kind: "opened", what: "session"},
    {kind: "ended", what: "session", how: "kernel"},
  ]);
});

test("who does not have the key hears nothing and is not heard", async t => {
  const {speaker, port} = await speaking();
  speaker.say(message("m1"));
  const {events, messages, end} = listening(port, Buffer.from("another key of the same length ..."));
  t.teardown(() => end.abort());
  t.teardown(() => speaker.close());
  await new Promise(resolve => setTimeout(resolve, 400));
  t.deepEqual([events, messages], [[], []]);
});

test("a listener that is no watcher is never believed", async t => {
  const server: Server = createServer(socket =>
    socket.on("error", () => undefined).end(`${JSON.stringify(message("m1"))}\n`),
  );
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const {events, messages, end} = listening((server.address() as AddressInfo).port);
  t.teardown(() => end.abort());
  t.teardown(() => server.close());
  await new Promise(resolve => setTimeout(resolve, 300));
  t.deepEqual([events, messages], [[], []]);
});

test("a message of another form is no message", t => {
  const good = message("m1");
  t.deepEqual(readMessage(JSON.stringify(good)), good);
  const bad: unknown[] = [
    "text",
    {...good, boot: 1},
    {...good, daemon: "dead"},
    {...good, view: {...good.view, key: "3:id-0"}},
    {...good, vote: {view: "x", id: "y"}},
    {...good, troubled: [1]},
    {...good, evicting: "id-0"},
    {...good, heard: {m0: {boot: "b"}}},
    {...good, name: "m".repeat(65)},
  ];
  for (const value of bad) t.is(readMessage(JSON.stringify(value)), undefined, JSON.stringify(value));
  t.is(readMessage("{"), undefined);
});
