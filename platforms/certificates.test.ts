import type * as pulumi from "@pulumi/pulumi";
import test from "ava";
import {type Made, mockPulumi} from "../test/fake-platform.ts";

const made: Made[] = [];
mockPulumi({
  made,
  stack: "certificates",
  idOf: name => `${name}-id`,
  computed: ({name, inputs}) => ({
    certificate: `pem of ${name}`,
    key: inputs.command ? undefined : `key of ${name}`,
    chain: "chain",
    notAfter: "then",
  }),
});

const {Certificate, CertificateAuthority} = await import("./certificates.ts");

const known = <T>(output: pulumi.Output<T>) => new Promise<T>(resolve => output.apply(resolve));
const inputsOf = async (name: string, resource: pulumi.CustomResource) => {
  await known(resource.id);
  return made.find(one => one.name === name)!;
};

/** What the engine takes for a secret. It marks the key of an authority itself, which these mocks do not. */
const secret = (value: unknown) => ({"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value});

test("a certificate is given its authority's certificate and key", async t => {
  const authority = new CertificateAuthority("ca", {commonName: "lab"}, {});
  t.deepEqual(await inputsOf("ca", authority), {
    type: "holdfast:index:CertificateAuthority",
    name: "ca",
    inputs: {commonName: "lab"},
  });
  const leaf = new Certificate("web", {authority, commonName: "web", dnsNames: ["web.lab"], usages: "both"}, {});
  t.deepEqual(await inputsOf("web", leaf), {
    type: "holdfast:index:Certificate",
    name: "web",
    inputs: {
      authority: {certificate: "pem of ca", key: "key of ca"},
      commonName: "web",
      dnsNames: ["web.lab"],
      usages: "both",
    },
  });
  t.is(await known(leaf.chain), "chain");
});

test("the key of the user's own authority becomes a secret", async t => {
  const authority = new CertificateAuthority("own", {own: {certificate: "pem", key: "key"}}, {});
  t.deepEqual((await inputsOf("own", authority)).inputs, {own: secret({certificate: "pem", key: "key"})});
});

test("a command is handed on in place of a key", async t => {
  const own = {certificate: "pem"};
  const authority = new CertificateAuthority("vault", {own, command: ["sign", "it"], timeoutMs: 5}, {});
  const leaf = new Certificate("app", {authority, commonName: "app", usages: "client"}, {});
  t.like((await inputsOf("app", leaf)).inputs, {
    authority: {certificate: "pem of vault", command: ["sign", "it"], timeoutMs: 5},
    commonName: "app",
  });
  t.false("key" in ((await inputsOf("app", leaf)).inputs.authority as object));
});
