import {createHash, KeyObject, randomBytes, webcrypto, type X509Certificate} from "node:crypto";
import type {Life} from "./life.ts";
import {plainAddress, type Subject} from "./names.ts";
import * as x509 from "./peculiar.ts";

/**
 * Certificates and requests as bytes. The library takes 0.1 s to load, so only what makes a certificate imports this
 * file, and only then.
 */
const {subtle} = webcrypto;

export interface Pair {
  /** PEM. */
  certificate: string;
  /** PEM of PKCS#8. */
  key: string;
}

const ecdsa = {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"};

const newKeys = () => subtle.generateKey(ecdsa, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

const pemOfKey = (key: webcrypto.CryptoKey) => KeyObject.from(key).export({type: "pkcs8", format: "pem"}).toString();

const lines = (pem: string) => `${pem.trim()}\n`;

/** 128 random bits. The first byte is never 0, which DER would not write. */
function newSerial(): string {
  for (;;) {
    const bytes = randomBytes(16);
    if (bytes[0] !== 0) return bytes.toString("hex");
  }
}

/** A name of one part. As an object: a plain text would be parsed for escapes. */
const nameOf = (commonName: string) => new x509.Name([{CN: [{utf8String: commonName}]}]);

/** A new authority, which signs leaves alone and no other authorities. */
export async function makeAuthority(commonName: string, life: Life): Promise<Pair> {
  const keys = await newKeys();
  const {keyCertSign, cRLSign} = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...life,
    serialNumber: newSerial(),
    name: nameOf(commonName),
    keys,
    signingAlgorithm: ecdsa,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {certificate: lines(certificate.toString("pem")), key: pemOfKey(keys.privateKey)};
}

/** A new key, and its certificate signed by the issuer. */
export async function makeLeaf(
  subject: Subject,
  life: Life,
  issuer: {certificate: X509Certificate; key: KeyObject},
): Promise<Pair> {
  const keys = await newKeys();
  const parent = new x509.X509Certificate(issuer.certificate.raw);
  const signing = algorithmOf(issuer.key);
  const certificate = await x509.X509CertificateGenerator.create({
    ...life,
    serialNumber: newSerial(),
    subject: nameOf(subject.commonName),
    issuer: parent.subjectName,
    publicKey: keys.publicKey,
    signingKey: issuer.key.toCryptoKey(signing, false, ["sign"]),
    signingAlgorithm: signing,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      ...(await asked(subject)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.AuthorityKeyIdentifierExtension(keyIdentifier(parent)),
    ],
  });
  return {certificate: lines(certificate.toString("pem")), key: pemOfKey(keys.privateKey)};
}

/** A new key, and a request (PKCS#10, PEM) for its certificate. */
export async function makeRequest(subject: Subject): Promise<{request: string; key: string}> {
  const keys = await newKeys();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: nameOf(subject.commonName),
    keys,
    signingAlgorithm: ecdsa,
    extensions: await asked(subject),
  });
  return {request: lines(request.toString("pem")), key: pemOfKey(keys.privateKey)};
}

/** What a subject asks for, of its authority or in a request. */
async function asked({dnsNames, addresses, usages}: Subject): Promise<x509.Extension[]> {
  const {serverAuth, clientAuth} = x509.ExtendedKeyUsage;
  const purposes = {server: [serverAuth], client: [clientAuth], both: [serverAuth, clientAuth]}[usages];
  const names = [
    ...unique(dnsNames).map(value => ({type: "dns" as const, value})),
    ...unique(addresses.map(plainAddress)).map(value => ({type: "ip" as const, value})),
  ];
  return [
    // An ECDSA key signs and nothing else.
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(purposes),
    ...(names.length ? [new x509.SubjectAlternativeNameExtension(names)] : []),
  ];
}

const unique = (names: string[]) => [...new Set(names.map(name => name.toLowerCase()))];

/** The issuer's own identifier; one that has none is known by the SHA-1 of its key (RFC 5280 4.2.1.2). */
function keyIdentifier(issuer: x509.X509Certificate): string {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return own ?? createHash("sha1").update(new Uint8Array(issuer.publicKey.rawData)).digest("hex");
}

/** How a key signs: ECDSA with a hash of its own size, RSA with SHA-256. */
function algorithmOf(key: KeyObject) {
  if (key.asymmetricKeyType === "rsa") return {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"};
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === "secp521r1") return {name: "ECDSA", namedCurve: "P-521", hash: "SHA-512"};
  if (curve === "secp384r1") return {name: "ECDSA", namedCurve: "P-384", hash: "SHA-384"};
  return ecdsa;
}
