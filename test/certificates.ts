import {createPrivateKey, KeyObject, webcrypto, X509Certificate} from "node:crypto";
import {certificateAuthority} from "../plugins/holdfast/certificates/authority.ts";
import {certificate} from "../plugins/holdfast/certificates/certificate.ts";
import type {Subject} from "../plugins/holdfast/certificates/names.ts";
import * as x509 from "../plugins/holdfast/certificates/peculiar.ts";
import {makeLeaf, type Pair} from "../plugins/holdfast/certificates/x509.ts";
import {holdfastProvider} from "../plugins/holdfast/provider.ts";

export const day = 86_400_000;

export const authorityType = "holdfast:index:CertificateAuthority";
export const certificateType = "holdfast:index:Certificate";

/** The plugin with a time that the test sets. */
export function providerAt(start: Date) {
  const clock = {time: start};
  const now = () => clock.time;
  return {clock, provider: {...holdfastProvider, types: [certificateAuthority(now), certificate(now)]}};
}

export interface AuthorityOptions {
  commonName: string;
  algorithm?: EcKeyGenParams | RsaHashedKeyGenParams;
  issuer?: Pair;
  notBefore?: Date;
  notAfter?: Date;
  ca?: boolean;
  /** Whether it has an identifier of its key. Default true. */
  identified?: boolean;
}

type EcKeyGenParams = {name: "ECDSA"; namedCurve: "P-256" | "P-384" | "P-521"};
type RsaHashedKeyGenParams = {name: string; modulusLength: number; publicExponent: Uint8Array; hash: string};

export const rsa = (modulusLength: number): RsaHashedKeyGenParams => ({
  name: "RSASSA-PKCS1-v1_5",
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
});

/** An authority as others make it: of other keys, or below another one. */
export async function foreignAuthority({
  commonName,
  algorithm = {name: "ECDSA", namedCurve: "P-256"},
  issuer,
  notBefore = new Date(Date.now() - day),
  notAfter = new Date(Date.now() + 3650 * day),
  ca = true,
  identified = true,
}: AuthorityOptions): Promise<Pair> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
  const ecdsa = {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"};
  const subject = `CN=${commonName}, O=Others, C=DE`;
  const made = await x509.X509CertificateGenerator.create({
    notBefore,
    notAfter,
    subject,
    issuer: issuer ? new x509.X509Certificate(issuer.certificate).subjectName : subject,
    publicKey: keys.publicKey,
    signingKey: issuer ? createPrivateKey(issuer.key).toCryptoKey(ecdsa, false, ["sign"]) : keys.privateKey,
    signingAlgorithm: issuer ? ecdsa : {hash: "SHA-256", ...algorithm},
    extensions: [
      new x509.BasicConstraintsExtension(ca, undefined, true),
      ...(identified ? [await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)] : []),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({type: "pkcs8", format: "pem"}).toString();
  return {certificate: `${made.toString("pem")}\n`, key};
}

/** A certificate that an authority signs, from 90 days and an hour before `notAfter` on. */
export function leafOf(authority: Pair, subject: Partial<Subject>, notAfter = new Date(Date.now() + 90 * day)) {
  const life = {notBefore: new Date(notAfter.getTime() - 90 * day - 3_600_000), notAfter};
  const issuer = {certificate: new X509Certificate(authority.certificate), key: createPrivateKey(authority.key)};
  const whole: Subject = {commonName: "leaf", dnsNames: [], addresses: [], usages: "both", ...subject};
  return makeLeaf(whole, life, issuer);
}
