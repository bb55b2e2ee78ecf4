import {createPrivateKey, X509Certificate} from "node:crypto";
import {writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {authorityType, day, foreignAuthority, providerAt, certificateType as type} from "../../../test/certificates.ts";
import {temporaryFolder} from "../../../test/folder.ts";
import {type Client, connect, fails} from "../../base/harness.ts";
import {isSecret, type Properties, plain, unknown} from "../../base/values.ts";

const start = new Date("2030-01-01T00:00:00Z");

/** The plugin, its clock, and the inputs of a certificate of its own authority. */
async function plugin(t: {teardown(f: () => void): void}, days = 3650) {
  const {clock, provider} = providerAt(start);
  const client = await connect(provider);
  t.teardown(() => client.close());
  const {outputs} = await client.create(authorityType, "ca", {commonName: "lab", days});
  const authority = {certificate: outputs.certificate, key: outputs.key};
  const inputs: Properties = {authority, commonName: "web", dnsNames: ["web", "web.lab"], addresses: ["10.0.0.1"]};
  return {clock, client, inputs, authority: new X509Certificate(String(outputs.certificate))};
}

const pass = (clock: {time: Date}, days: number) => {
  clock.time = new Date(clock.time.getTime() + days * day);
};

const make = async (client: Client, inputs: Properties) => ({...(await client.create(type, "web", inputs)), inputs});
type Made = Awaited<ReturnType<typeof make>>;
const diff = (client: Client, old: Made, news: Properties) => client.diff(type, "web", old.inputs, news, old.outputs);
const update = (client: Client, old: Made, news: Properties) => client.update(type, "web", old.id, old, news);

test("a certificate is made with its key, and a read leaves it", async t => {
  const {client, inputs, authority} = await plugin(t);
  const {id, outputs} = await make(client, inputs);
  const computed = ["certificate", "chain", "key", "notAfter", "serial"];
  t.deepEqual(Object.keys(outputs).toSorted(), [...computed, ...Object.keys(inputs)].toSorted());
  const leaf = new X509Certificate(String(outputs.certificate));
  t.true(leaf.verify(authority.publicKey) && leaf.checkIssued(authority));
  t.true(isSecret(outputs.key) && leaf.checkPrivateKey(createPrivateKey(String(plain(outputs.key)))));
  t.is(outputs.chain, outputs.certificate, "the root is not sent");
  t.like(outputs, {notAfter: "2030-04-01T00:00:00Z", serial: leaf.serialNumber.toLowerCase()});
  t.is(id, `web-${String(outputs.serial).slice(0, 8)}`);
  t.deepEqual(
    [leaf.checkHost("web"), leaf.checkHost("web.lab"), leaf.checkHost("other"), leaf.checkIP("10.0.0.1")],
    ["web", "web.lab", undefined, "10.0.0.1"],
  );
  t.deepEqual((await client.read(type, "web", id, inputs, outputs)).outputs, outputs);
  t.is((await client.read(type, "web", id)).id, "", "none can be imported: its key is nowhere else");
  const other = await make(client, inputs);
  t.not(other.outputs.serial, outputs.serial);
  await client.delete(type, "web", id, inputs);
});

test("a key that the program did not mark is marked, and no answer has one in the clear", async t => {
  const {client, inputs} = await plugin(t);
  const {certificate, key} = inputs.authority as Properties;
  const open = {...inputs, authority: {certificate: certificate!, key: plain(key)}};
  const checked = await client.check(type, "web", open);
  t.deepEqual(checked, {inputs, problems: []});
  const made = await make(client, checked.inputs);
  const text = JSON.stringify(made.outputs, (_name, value) => (isSecret(value) ? "[secret]" : value));
  t.false(text.includes("PRIVATE KEY"));
  t.is(text.split("[secret]").length, 3);
});

test("it is renewed by an update when a third of its life is left, and not before", async t => {
  const {clock, client, inputs} = await plugin(t);
  const made = await make(client, inputs);
  pass(clock, 59.9);
  t.false((await diff(client, made, inputs)).changed);
  t.is((await update(client, made, inputs)).serial, made.outputs.serial);
  pass(clock, 0.1);
  t.like(await diff(client, made, inputs), {changed: true, keys: ["notAfter"], replaces: []});
  const outputs = await update(client, made, inputs);
  t.is(outputs.notAfter, "2030-05-31T00:00:00Z");
  t.not(outputs.serial, made.outputs.serial);
  t.true(isSecret(outputs.key) && plain(outputs.key) !== plain(made.outputs.key), "with a key of its own");
  t.false((await diff(client, {...made, outputs}, inputs)).changed);
  pass(clock, 400);
  t.true((await diff(client, {...made, outputs}, inputs)).changed, "one that is over too");
});

test("`renewBefore` says when, in days", async t => {
  const {clock, client, inputs} = await plugin(t);
  const news = {...inputs, days: 20, renewBefore: 2};
  const made = await make(client, news);
  pass(clock, 17.9);
  t.false((await diff(client, made, news)).changed);
  const sooner = {...news, renewBefore: 1};
  t.is((await update(client, made, sooner)).serial, made.outputs.serial, "a change of it alone makes nothing anew");
  pass(clock, 0.1);
  t.like(await diff(client, made, news), {keys: ["notAfter"]});
  t.like(await diff(client, made, sooner), {keys: ["renewBefore"]});
});

for (const [what, change] of [
  ["dnsNames", {dnsNames: ["web"]}],
  ["addresses", {addresses: ["10.0.0.1", "10.0.0.2"]}],
  ["commonName", {commonName: "other"}],
  ["usages", {usages: "both"}],
  ["days", {days: 30}],
] as [string, Properties][]) {
  test(`a change of ${what} is an update that makes it anew`, async t => {
    const {client, inputs} = await plugin(t);
    const made = await make(client, inputs);
    const news = {...inputs, ...change};
    t.like(await diff(client, made, news), {keys: [what], replaces: []});
    t.not((await update(client, made, news)).serial, made.outputs.serial);
  });
}

test("names in another order are the same", async t => {
  const {client, inputs} = await plugin(t);
  const made = await make(client, inputs);
  const news = {...inputs, dnsNames: ["web.lab", "web"], usages: "server", days: 90};
  t.false((await diff(client, made, news)).changed);
});

test("another authority makes it anew; one more that is trusted does not", async t => {
  const {client, inputs} = await plugin(t);
  const made = await make(client, inputs);
  const other = await client.create(authorityType, "other", {commonName: "lab"});
  const {certificate, key} = inputs.authority as {certificate: string; key: Properties};
  const trusting = {...inputs, authority: {certificate: certificate + other.outputs.certificate, key}};
  t.like(await diff(client, made, trusting), {keys: ["authority"], replaces: []});
  t.is((await update(client, made, trusting)).serial, made.outputs.serial);
  const news = {...inputs, authority: {certificate: other.outputs.certificate, key: other.outputs.key}};
  t.like(await diff(client, made, news), {keys: ["authority"], replaces: []});
  const outputs = await update(client, made, news);
  const issuer = new X509Certificate(String(other.outputs.certificate));
  t.true(new X509Certificate(String(outputs.certificate)).verify(issuer.publicKey));
  t.true((await diff(client, made, {...inputs, authority: {certificate: unknown, key: unknown}})).changed);
});

test("it does not outlive its authority, and is not renewed where that gains nothing", async t => {
  const {clock, client, inputs} = await plugin(t, 100);
  pass(clock, 40);
  const made = await make(client, inputs);
  t.is(made.outputs.notAfter, "2030-04-11T00:00:00Z");
  pass(clock, 59);
  t.false((await diff(client, made, inputs)).changed);
  pass(clock, 2);
  t.false((await diff(client, made, inputs)).changed);
  const error = await fails(client.create(type, "web", inputs));
  t.regex(error.message, /^the authority lab expired at 2030-04-11T00:00:00Z, so no certificate is made for web/);
});

test("wrong inputs are refused together", async t => {
  const {client, inputs} = await plugin(t);
  const check = async (news: Properties) =>
    (await client.check(type, "web", news)).problems.map(text => text.slice(`${type} "web": `.length));
  const {key, certificate} = inputs.authority as Properties;
  t.deepEqual(await check({...inputs, days: 399}), ["input `days` is 399; it must be between 1 and 398"]);
  t.deepEqual(await check({...inputs, renewBefore: 90}), [
    "input `renewBefore` is 90 days; it must be at least 1, and less than `days` (90)",
  ]);
  t.deepEqual(await check({...inputs, usages: "peer"}), ['input `usages` is "peer"; allowed: server, client, both']);
  t.deepEqual(await check({...inputs, dnsNames: ["a_b"], addresses: ["x"], days: 0}), [
    'input `dnsNames` has "a_b": the part "a_b"; allowed are letters, digits and, inside, "-"',
    'input `addresses` has "x": that is no IPv4 or IPv6 address; names belong into `dnsNames`',
    "input `days` is 0; it must be between 1 and 398",
  ]);
  t.deepEqual(await check({...inputs, authority: {certificate}}), [
    "input `authority.key` is missing; give it, or a `command` that signs requests",
  ]);
  const other = await foreignAuthority({commonName: "other"});
  t.deepEqual(await check({...inputs, authority: {key, certificate: other.certificate}}), [
    "input `authority.key` does not belong to `authority.certificate` (other)",
  ]);
  t.deepEqual(await check({...inputs, authority: unknown, commonName: unknown, days: unknown}), []);
});

test("a preview shows what is made anew as unknown, and nothing else", async t => {
  const {clock, client, inputs} = await plugin(t);
  const made = await make(client, inputs);
  const preview = (news: Properties) => client.preview(type, "web", made.id, made, news);
  t.deepEqual(await preview({...inputs, renewBefore: 5}), {...made.outputs, renewBefore: 5});
  for (const news of [
    {...inputs, dnsNames: ["x"]},
    {...inputs, authority: unknown},
  ]) {
    t.like(await preview(news), {certificate: unknown, chain: unknown, key: unknown, serial: unknown});
  }
  pass(clock, 61);
  t.like(await preview(inputs), {certificate: unknown, key: unknown, notAfter: unknown});
});

/** A program that signs requests with an authority, after what `instead` does. */
function signingCommand(authority: {certificate: string; key: string}, instead = ""): string[] {
  const file = join(temporaryFolder(), "sign.ts");
  const library = join(import.meta.dirname, "peculiar.ts");
  writeFileSync(
    file,
    `import {createPrivateKey} from "node:crypto";
    import {text} from "node:stream/consumers";
    import * as x509 from ${JSON.stringify(library)};
    const request = new x509.Pkcs10CertificateRequest(await text(process.stdin));
    const parent = new x509.X509Certificate(${JSON.stringify(authority.certificate)});
    const ecdsa = {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"};
    const key = createPrivateKey(${JSON.stringify(authority.key)}).toCryptoKey(ecdsa, false, ["sign"]);
    const begin = Date.parse("2029-12-31");
    let [publicKey, extensions, notAfter] = [request.publicKey, request.extensions, begin];
    notAfter += Number(process.env.HOLDFAST_DAYS) * 86_400_000;
    ${instead}
    const made = await x509.X509CertificateGenerator.create({publicKey, extensions, subject: request.subjectName,
      issuer: parent.subjectName, signingKey: key, signingAlgorithm: ecdsa, notBefore: new Date(begin),
      notAfter: new Date(notAfter)});
    console.log(made.toString("pem") + "\\n" + ${JSON.stringify(authority.certificate)});`,
  );
  return [process.execPath, file];
}

const longLife = {notBefore: new Date("2029-01-01"), notAfter: new Date("2039-01-01")};

test("a command signs, and its key is nowhere in the state", async t => {
  const {client, inputs} = await plugin(t);
  const root = await foreignAuthority({commonName: "vault", ...longLife});
  const below = await foreignAuthority({commonName: "below", issuer: root, ...longLife});
  const authority = {certificate: below.certificate + root.certificate, command: signingCommand(below)};
  const {outputs} = await make(client, {...inputs, authority, days: 7});
  const leaf = new X509Certificate(String(outputs.certificate));
  t.true(leaf.verify(new X509Certificate(below.certificate).publicKey));
  t.is(outputs.notAfter, "2030-01-07T00:00:00Z", "the days are in its environment");
  t.is(outputs.chain, `${outputs.certificate}${below.certificate}`, "with what stands between it and the root");
  t.true(leaf.checkPrivateKey(createPrivateKey(String(plain(outputs.key)))));
  const upTo = {...inputs, authority: {certificate: root.certificate, command: authority.command}};
  t.is((await make(client, upTo)).outputs.chain?.toString().split("BEGIN").length, 3, "it may give the path itself");
});

test("what a command gives is looked at before it is taken", async t => {
  const {client, inputs} = await plugin(t);
  const root = await foreignAuthority({commonName: "vault", ...longLife});
  const stranger = await foreignAuthority({commonName: "stranger", ...longLife});
  const at = (authority: Properties) => fails(client.create(type, "web", {...inputs, usages: "both", authority}));
  const {certificate} = root;
  const keys = 'publicKey = (await crypto.subtle.generateKey(ecdsa, true, ["sign", "verify"])).publicKey;';
  // With the usage that it asked for it could not act as one.
  const isAuthority = `extensions = [...extensions.filter(one => one.type !== "2.5.29.15"),
    new x509.BasicConstraintsExtension(true)];`;
  const renamed = 'new x509.SubjectAlternativeNameExtension([{type: "dns", value: "web"}])';
  const narrow = `extensions = [${renamed}, new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth])];`;
  for (const [instead, problem] of [
    [keys, /it is not for the key of the request$/],
    [isAuthority, /it is an authority itself \(CA\)$/],
    ["notAfter = begin + 1000;", /it expired at 2029-12-31T00:00:01Z$/],
    [narrow, /it does not name web\.lab, does not name 10\.0\.0\.1, is not for clients$/],
  ] as const) {
    const {message} = await at({certificate, command: signingCommand(root, instead)});
    t.regex(message, /^the certificate of web that .*node signed is not taken: /);
    t.regex(message, problem);
  }
  const {message} = await at({certificate, command: signingCommand(stranger)});
  t.regex(message, /it does not lead to the authority vault$/);
});

test("a command that fails, hangs or talks nonsense says so", async t => {
  const {client, inputs} = await plugin(t);
  const {certificate} = await foreignAuthority({commonName: "vault", ...longLife});
  const at = (command: string[], more: Properties = {}) =>
    fails(client.create(type, "web", {...inputs, authority: {certificate, command, ...more}}));
  const shell = (script: string) => ["sh", "-c", script];
  t.is(
    (await at(shell("echo no right >&2; exit 3"))).message,
    "the command that signs (sh) ended with code 3; it said: no right",
  );
  t.regex((await at(["/nowhere/sign"])).message, /^the command that signs \(\/nowhere\/sign\) cannot be run: .*ENOENT/);
  t.regex((await at(shell("echo hello"))).message, /that sh signed has no PEM block/);
  t.regex((await at(shell("yes"))).message, /answered with more than 1048576 characters/);
  const begin = Date.now();
  const late = await at(shell("echo asking >&2; sleep 60 & wait"), {timeoutMs: 500});
  t.is(late.message, "the command that signs (sh) gave no answer within 0.5 s; it said: asking");
  t.true(Date.now() - begin < 30_000);
});

test("an update that is interrupted ends the command", async t => {
  const {client, inputs} = await plugin(t);
  const {certificate} = await foreignAuthority({commonName: "vault", ...longLife});
  const authority = {certificate, command: ["sh", "-c", "sleep 60"]};
  const running = fails(client.create(type, "web", {...inputs, authority: authority as Properties}));
  await new Promise(done => setTimeout(done, 300));
  await client.cancel();
  t.is((await running).message, "the command that signs (sh) was ended: cancelled");
});
