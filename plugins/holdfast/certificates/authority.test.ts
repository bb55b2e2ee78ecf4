import {X509Certificate} from "node:crypto";
import {Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData} from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type {LogRequest} from "@pulumi/pulumi/proto/engine_pb.js";
import test from "ava";
import empty, {type Empty} from "google-protobuf/google/protobuf/empty_pb.js";
import {day, foreignAuthority, leafOf, providerAt, rsa, authorityType as type} from "../../../test/certificates.ts";
import {type Client, connect, fails} from "../../base/harness.ts";
import {isSecret, type Properties, plain, secret, unknown} from "../../base/values.ts";

const start = new Date("2030-01-01T00:00:00Z");
const inputs = {commonName: "lab"};
const urn = `urn:pulumi:test::pl::${type}::ca`;

/** The plugin and its clock. */
async function plugin(t: {teardown(f: () => void): void}, time = start) {
  const {clock, provider} = providerAt(time);
  const client = await connect(provider);
  t.teardown(() => client.close());
  return {clock, client};
}

const update = (client: Client, old: {id: string; inputs: Properties; outputs: Properties}, news: Properties) =>
  client.update(type, "ca", old.id, old, news);

test("an authority is made once, and its key is a secret wherever it stands", async t => {
  const {client} = await plugin(t);
  const {id, outputs} = await client.create(type, "ca", inputs);
  t.regex(id, /^ca-[0-9a-f]{8}$/);
  t.deepEqual(Object.keys(outputs).toSorted(), ["certificate", "commonName", "key", "notAfter"]);
  t.true(isSecret(outputs.key));
  t.regex(String(plain(outputs.key)), /^-----BEGIN PRIVATE KEY-----/);
  t.is(outputs.notAfter, "2039-12-30T00:00:00Z");
  const certificate = new X509Certificate(String(outputs.certificate));
  t.is(certificate.validFromDate.toISOString(), "2029-12-31T23:55:00.000Z");
  t.deepEqual((await client.read(type, "ca", id, inputs, outputs)).outputs, outputs);
  t.deepEqual(await update(client, {id, inputs, outputs}, {...inputs, timeoutMs: 5}), {...outputs, timeoutMs: 5});
  t.false((await client.diff(type, "ca", inputs, {...inputs, days: 3650}, outputs)).changed);
  t.is((await client.create(type, "ca", inputs, {preview: true})).outputs.key, unknown);
  await client.delete(type, "ca", id, inputs);
});

test("it is never replaced by the way: a change of what it says is refused, with what to do", async t => {
  const {client} = await plugin(t);
  const {outputs} = await client.create(type, "ca", inputs);
  for (const news of [{commonName: "other"}, {...inputs, days: 30}]) {
    const error = await fails(client.diff(type, "ca", inputs, news, outputs));
    t.regex(error.message, /^ca: a change of `(commonName|days)` would make another authority.*members refuse/);
    t.true(error.message.endsWith(`pulumi up --replace '${urn}'`));
  }
  const own = await foreignAuthority({commonName: "own"});
  await t.throwsAsync(client.diff(type, "ca", {own: {...own}}, inputs, own as never), {
    message: /a change of `commonName`, `own` would make another authority/,
  });
});

test("one of the user's own is taken as it is given, and changes when it is changed", async t => {
  const {client} = await plugin(t, new Date());
  const made = await foreignAuthority({commonName: "own"});
  const {inputs: news, problems} = await client.check(type, "ca", {own: {...made}});
  t.deepEqual(problems, []);
  t.deepEqual(news.own, {certificate: made.certificate, key: secret(made.key)}, "marked though the program did not");
  const first = await client.create(type, "ca", news);
  t.is(first.outputs.certificate, made.certificate);
  t.deepEqual([first.outputs.key, first.outputs.own], [secret(made.key), news.own!]);
  const next = await foreignAuthority({commonName: "own"});
  const changed = {own: {certificate: next.certificate, key: secret(next.key)}};
  t.like(await client.diff(type, "ca", news, changed, first.outputs), {keys: ["own"], replaces: []});
  const outputs = await update(client, {...first, inputs: news}, changed);
  t.deepEqual([outputs.certificate, outputs.key], [next.certificate, secret(next.key)]);
});

test("one that was made becomes the user's own, with another one that is trusted beside it", async t => {
  const {client} = await plugin(t, new Date());
  const made = await client.create(type, "ca", inputs);
  const next = await foreignAuthority({commonName: "next"});
  const certificate = `${made.outputs.certificate}${next.certificate}`;
  const news = {own: {certificate, key: made.outputs.key}};
  t.deepEqual((await client.check(type, "ca", news)).problems, []);
  t.like(await client.diff(type, "ca", inputs, news, made.outputs), {keys: ["commonName", "own"], replaces: []});
  const outputs = await update(client, {...made, inputs}, news);
  t.deepEqual(outputs, {...news, certificate, key: made.outputs.key, notAfter: made.outputs.notAfter});
});

test("one with a command has no key", async t => {
  const {client} = await plugin(t, new Date());
  const {certificate} = await foreignAuthority({commonName: "vault"});
  const news = {own: {certificate}, command: ["sign"], timeoutMs: 1000};
  t.deepEqual((await client.check(type, "ca", news)).problems, []);
  const {id, outputs} = await client.create(type, "ca", news);
  t.deepEqual(Object.keys(outputs).toSorted(), ["certificate", "command", "notAfter", "own", "timeoutMs"]);
  t.deepEqual((await client.read(type, "ca", id, news, outputs)).outputs, outputs);
});

test("a wrong one is refused: who, which value, what is allowed", async t => {
  const {client} = await plugin(t, new Date());
  const root = await foreignAuthority({commonName: "root"});
  const other = await foreignAuthority({commonName: "other"});
  const below = await foreignAuthority({commonName: "below", issuer: root});
  const leaf = await leafOf(root, {commonName: "leaf"});
  const old = await foreignAuthority({commonName: "old", notAfter: new Date(Date.now() - day)});
  const early = await foreignAuthority({commonName: "early", notBefore: new Date(Date.now() + day)});
  const weak = await foreignAuthority({commonName: "weak", algorithm: rsa(1024)});
  const broken = root.certificate.replace(/\n.{20}/, "\nAAAAAAAAAAAAAAAAAAAA");
  const encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
  for (const [news, ...problems] of [
    [{}, /input `commonName` is missing; give it, or an authority of your `own`/],
    [{commonName: "a".repeat(65)}, /65 characters; it must have 1 to 64/],
    [{commonName: "a", days: 0}, /input `days` is 0; it must be between 1 and 7300/],
    [{commonName: "a", command: ["x"]}, /input `command` needs `own.certificate`/],
    [{own: {...root}, commonName: "a", days: 5}, /`commonName` is for an authority that is made/, /`days` is for/],
    [{own: {certificate: root.certificate}}, /input `own.key` is missing; give it, or a `command`/],
    [{own: {...root}, command: ["x"]}, /inputs `own.key` and `command` are both given/],
    [{own: {certificate: root.certificate}, command: []}, /input `command` is empty/],
    [{own: {certificate: root.certificate}, command: ["x"], timeoutMs: 0}, /`timeoutMs` is 0; it must be at least 1/],
    [{own: {...root, certificate: "x"}}, /input `own.certificate` has no PEM block/],
    [
      {own: {...root, certificate: broken}},
      /`own.certificate` has a certificate that cannot be read \(number 1 of 1\)/,
    ],
    [{own: {...leaf}}, /input `own.certificate` has leaf, which is no authority \(CA\)/],
    [{own: {...below}}, /ends with below, which .*CN=root.* issued; add all up to the root/],
    [{own: {...root, key: other.key}}, /input `own.key` does not belong to `own.certificate` \(root\)/],
    [{own: {...root, key: "x"}}, /input `own.key` is no private key in PEM/],
    [{own: {...root, key: encrypted}}, /input `own.key` is encrypted: give it decrypted/],
    [{own: {...weak}}, /`own.key` is a key of type rsa, 1024 bits; allowed: EC on P-256, P-384 or P-521, and RSA/],
    [{own: {...old}}, /`own.certificate` has old, which expired at \d{4}-.*Z; give one that is valid/],
    [{own: {...early}}, /`own.certificate` has early, which is valid from \d{4}-.*Z, not yet/],
    [{own: {...root, passphrase: "x"}}, /input `own.passphrase` is not served/],
  ] as [Properties, ...RegExp[]][]) {
    const found = (await client.check(type, "ca", news)).problems;
    t.is(found.length, problems.length, found.join("\n"));
    for (const [i, problem] of problems.entries()) t.regex(found[i]!, problem);
    t.true(found.every(text => text.startsWith(`${type} "ca": `) && !/PRIVATE|MII/.test(text)));
  }
  const chain = {certificate: below.certificate + root.certificate + other.certificate, key: below.key};
  t.deepEqual((await client.check(type, "ca", {own: chain})).problems, [], "the path first, then others to be trusted");
  t.deepEqual((await client.check(type, "ca", {own: unknown})).problems, []);
  t.deepEqual((await client.check(type, "ca", {own: {certificate: unknown, key: unknown}})).problems, []);
});

/** The engine's side of what the plugin says to the user. */
async function listeningEngine(t: {teardown(f: () => void): void}) {
  const said: string[] = [];
  const server = new Server();
  server.addService(engineService.EngineService as never, {
    log: (call: ServerUnaryCall<LogRequest, Empty>, done: sendUnaryData<Empty>) => {
      said.push(call.request.getMessage());
      done(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  t.teardown(() => server.forceShutdown());
  /** What was said since it was asked last. */
  const take = async (wanted: number) => {
    const limit = Date.now() + 10_000;
    while (said.length < wanted && Date.now() < limit) await new Promise(done => setTimeout(done, 10));
    return said.splice(0);
  };
  return {address: `127.0.0.1:${port}`, take};
}

// Previews, updates and refreshes all ask for a diff, once.
test("it warns when less than a third of its life is left", async t => {
  const {address, take} = await listeningEngine(t);
  const {clock, provider} = providerAt(start);
  const client = await connect(provider, address);
  t.teardown(() => client.close());
  const news = {...inputs, days: 90};
  const {id, outputs} = await client.create(type, "ca", news);
  const look = async () => {
    await client.read(type, "ca", id, news, outputs);
    await client.diff(type, "ca", news, news, outputs);
  };
  clock.time = new Date(start.getTime() + 59 * day);
  await look();
  clock.time = new Date(start.getTime() + 70.5 * day);
  await look();
  const warning =
    "the authority lab expires at 2030-04-01T00:00:00Z, in 19 days. " +
    "It is never replaced by itself: docs/security.md has how to do it";
  t.deepEqual(await take(1), [warning]);
  clock.time = new Date(start.getTime() + 91 * day);
  t.false((await client.diff(type, "ca", news, news, outputs)).changed);
  t.regex((await take(1)).join(), /^the authority lab expired at 2030-04-01T00:00:00Z\. It is never/);
  clock.time = new Date();
  const own = await foreignAuthority({commonName: "own", notAfter: new Date(Date.now() + 0.1 * day)});
  const made = await client.create(type, "ca", {own: {...own}});
  await client.diff(type, "ca", {own: {...own}}, {own: {...own}}, made.outputs);
  const [first, second, ...others] = await take(2);
  t.deepEqual([second, others], [first, []]);
  t.regex(first!, /^the authority own expires at .*, in 0 days/);
});
