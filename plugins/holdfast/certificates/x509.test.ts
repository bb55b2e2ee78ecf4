import {createPrivateKey, X509Certificate} from "node:crypto";
import test from "ava";
import fc from "fast-check";
import {day, foreignAuthority, leafOf, rsa} from "../../../test/certificates.ts";
import {newLife} from "./life.ts";
import {addressProblem, dnsNameProblem} from "./names.ts";
import * as x509 from "./peculiar.ts";
import {makeAuthority, makeRequest} from "./x509.ts";

const now = new Date();
const authority = await makeAuthority("an authority, of #1 + tests", newLife(now, 3650));
const ca = new X509Certificate(authority.certificate);
const parsed = new x509.X509Certificate(authority.certificate);

test("an authority is one by RFC 5280, and signs no other authorities", t => {
  t.is(ca.subject, "CN=an authority\\, of #1 \\+ tests");
  t.is(ca.issuer, ca.subject);
  t.true(ca.ca && ca.verify(ca.publicKey) && ca.checkIssued(ca) && ca.checkPrivateKey(createPrivateKey(authority.key)));
  t.is(ca.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  const constraints = parsed.getExtension(x509.BasicConstraintsExtension)!;
  t.deepEqual([constraints.critical, constraints.ca, constraints.pathLength], [true, true, 0]);
  const usage = parsed.getExtension(x509.KeyUsagesExtension)!;
  t.deepEqual([usage.critical, usage.usages], [true, x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign]);
  t.falsy(ca.keyUsage, "no extended key usage: it would hold for all below");
  t.true(authority.certificate.endsWith("-----END CERTIFICATE-----\n"));
  t.true(authority.key.startsWith("-----BEGIN PRIVATE KEY-----\n"));
});

for (const [usages, purposes] of [
  ["server", ["1.3.6.1.5.5.7.3.1"]],
  ["client", ["1.3.6.1.5.5.7.3.2"]],
  ["both", ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]],
] as const) {
  test(`a leaf for ${usages} has what a leaf must have`, async t => {
    const made = await leafOf(authority, {commonName: "#hex, + x", dnsNames: ["a.b"], usages});
    const [leaf, read] = [new X509Certificate(made.certificate), new x509.X509Certificate(made.certificate)];
    t.is(leaf.subject, "CN=\\#hex\\, \\+ x");
    t.true(leaf.verify(ca.publicKey) && leaf.checkIssued(ca) && leaf.checkPrivateKey(createPrivateKey(made.key)));
    t.false(leaf.ca);
    t.deepEqual(leaf.keyUsage, [...purposes]);
    const usage = read.getExtension(x509.KeyUsagesExtension)!;
    t.deepEqual([usage.critical, usage.usages], [true, x509.KeyUsageFlags.digitalSignature]);
    t.like(read.getExtension(x509.BasicConstraintsExtension), {critical: true, ca: false, pathLength: undefined});
    t.is(
      read.getExtension(x509.AuthorityKeyIdentifierExtension)!.keyId,
      parsed.getExtension(x509.SubjectKeyIdentifierExtension)!.keyId,
    );
    t.truthy(read.getExtension(x509.SubjectKeyIdentifierExtension));
    t.false(read.getExtension(x509.SubjectAlternativeNameExtension)!.critical);
    t.is(read.extensions.length, 6);
  });
}

test("serials are 128 random bits, and written as DER wants them", async t => {
  const serials = await Promise.all(
    Array.from({length: 64}, async () => new X509Certificate((await leafOf(authority, {})).certificate).serialNumber),
  );
  t.is(new Set(serials).size, serials.length);
  t.true(serials.every(serial => /^[0-9A-F]{31,32}$/.test(serial)));
  t.true(
    serials.some(serial => serial >= "8"),
    "those with the first bit set too",
  );
});

test("a certificate without names has no list of them", async t => {
  const made = await leafOf(authority, {usages: "client"});
  t.is(new X509Certificate(made.certificate).subjectAltName, undefined);
});

test("a request asks for what the certificate is to say", async t => {
  const {request, key} = await makeRequest({
    commonName: "web",
    dnsNames: ["web.example"],
    addresses: ["::1"],
    usages: "both",
  });
  const read = new x509.Pkcs10CertificateRequest(request);
  t.true(await read.verify());
  t.is(read.subject, "CN=web");
  const names = read.extensions.find(one => one instanceof x509.SubjectAlternativeNameExtension);
  t.deepEqual(names?.names.toJSON(), [
    {type: "dns", value: "web.example"},
    {type: "ip", value: "::1"},
  ]);
  t.is(read.extensions.length, 3);
  t.is(createPrivateKey(key).asymmetricKeyDetails?.namedCurve, "prime256v1");
});

for (const [name, options] of [
  ["P-384", {algorithm: {name: "ECDSA", namedCurve: "P-384"}}],
  ["P-521", {algorithm: {name: "ECDSA", namedCurve: "P-521"}}],
  ["RSA", {algorithm: rsa(2048)}],
  ["one without an identifier", {identified: false}],
] as const) {
  test(`an authority of others signs: ${name}`, async t => {
    const own = await foreignAuthority({commonName: "Ünlike, others", ...options});
    const issuer = new X509Certificate(own.certificate);
    const leaf = new X509Certificate((await leafOf(own, {dnsNames: ["a"]})).certificate);
    t.true(leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey));
    t.is(leaf.issuer, issuer.subject);
  });
}

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
const label = fc
  .tuple(fc.string({unit: fc.constantFrom(...letters), minLength: 1, maxLength: 20}), fc.boolean())
  .map(([text, dash]) => (dash && text.length > 1 ? `${text[0]}-${text.slice(1)}` : text));
const dnsName = fc
  .tuple(fc.boolean(), fc.array(label, {minLength: 1, maxLength: 5}))
  .map(([star, labels]) => (star && labels.length > 1 ? `*.${labels.join(".")}` : labels.join(".")))
  .filter(name => dnsNameProblem(name) === undefined);
const address = fc.oneof(fc.ipV4(), fc.ipV6()).filter(text => addressProblem(text) === undefined);

test("whatever it is made for, it is for that and nothing else", async t => {
  const names = fc.record({
    dnsNames: fc.array(dnsName, {maxLength: 8}),
    addresses: fc.array(address, {maxLength: 8}),
    days: fc.integer({min: 1, max: 398}),
    strangers: fc.tuple(dnsName, address),
  });
  await fc.assert(
    fc.asyncProperty(names, async ({dnsNames, addresses, days, strangers}) => {
      const end = new Date(now.getTime() + days * day);
      const leaf = new X509Certificate((await leafOf(authority, {dnsNames, addresses}, end)).certificate);
      if (!leaf.verify(ca.publicKey) || !leaf.checkIssued(ca)) return false;
      if (Math.abs(leaf.validToDate.getTime() - end.getTime()) >= 1000) return false;
      const host = (name: string) => leaf.checkHost(name.replace("*", "any"), {subject: "never"}) !== undefined;
      const [name, ip] = strangers;
      const matches = dnsNames.some(own => own === name || covers(own, name));
      return (
        dnsNames.every(host) &&
        dnsNames.every(own => host(own.toUpperCase())) &&
        addresses.every(own => leaf.checkIP(own) !== undefined) &&
        (matches || !host(name)) &&
        (addresses.length > 0 || leaf.checkIP(ip) === undefined)
      );
    }),
    {numRuns: Number(process.env.HOLDFAST_RUNS ?? 100)},
  );
  t.pass();
});

/** A star stands for one label. */
const covers = (own: string, name: string) =>
  own.startsWith("*.") && name.includes(".") && name.slice(name.indexOf(".")) === own.slice(1);
