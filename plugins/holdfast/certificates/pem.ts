import {createPrivateKey, type KeyObject, X509Certificate} from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** The certificates in a text of PEM blocks, in their order. Throws when there is none, or one that cannot be read. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(block) ?? [];
  if (blocks.length === 0) throw new Error("has no PEM block that begins with -----BEGIN CERTIFICATE-----");
  return blocks.map((text, i) => {
    try {
      return new X509Certificate(text);
    } catch {
      throw new Error(`has a certificate that cannot be read (number ${i + 1} of ${blocks.length})`);
    }
  });
}

/** As PEM, each with a line end. */
export const pemOf = (certificates: X509Certificate[]): string =>
  certificates.map(certificate => `${certificate.toString().trim()}\n`).join("");

/** Kinds of keys that an authority may have: what every TLS library of the members verifies. */
const curves = ["prime256v1", "secp384r1", "secp521r1"];
const smallestRsa = 2048;

/** A private key that can sign certificates. The error never has the key in it. */
export function readKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) throw new Error("is encrypted: give it decrypted, as a secret of the stack");
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error("is no private key in PEM");
  }
  const {asymmetricKeyType: type, asymmetricKeyDetails: details} = key;
  const fits =
    (type === "ec" && curves.includes(details?.namedCurve ?? "")) ||
    (type === "rsa" && (details?.modulusLength ?? 0) >= smallestRsa);
  const size = details?.namedCurve ?? (details?.modulusLength ? `${details.modulusLength} bits` : "");
  if (!fits) {
    throw new Error(
      `is a key of type ${[type, size].filter(Boolean).join(", ")}; ` +
        `allowed: EC on P-256, P-384 or P-521, and RSA of ${smallestRsa} bits or more`,
    );
  }
  return key;
}

/** A certificate as people know it. */
export const nameOf = (certificate: X509Certificate) =>
  /^CN=(.*)$/m.exec(certificate.subject ?? "")?.[1] ?? (certificate.subject || "without a name").replaceAll("\n", ", ");

/** True when that one signed this one. */
export const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/** No path of certificates is longer. */
const longestPath = 8;

/**
 * The path from a certificate to one that signed itself, both included, by way of the others. Where it breaks off, the
 * last one is not self-signed.
 */
export function pathOf(certificate: X509Certificate, others: X509Certificate[]): X509Certificate[] {
  const path = [certificate];
  while (path.length < longestPath) {
    const last = path.at(-1)!;
    if (isIssuedBy(last, last)) break;
    const issuer = others.find(other => other.ca && isIssuedBy(last, other));
    if (!issuer) break;
    path.push(issuer);
  }
  return path;
}

/** The certificate signed itself: it is trusted because it was given, or not at all. */
export const isRoot = (certificate: X509Certificate): boolean => isIssuedBy(certificate, certificate);
