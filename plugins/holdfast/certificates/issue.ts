import {createPrivateKey, type X509Certificate} from "node:crypto";
import {signByCommand} from "./command.ts";
import {lifeOf, newLife, timeText} from "./life.ts";
import type {Subject} from "./names.ts";
import {isRoot, nameOf, pathOf, pemOf, readCertificates} from "./pem.ts";
import type {Signer} from "./signer.ts";

export interface Issued {
  /** PEM of the certificate alone. */
  certificate: string;
  /** What a server presents: the certificate and all between it and the root. */
  chain: string;
  key: string;
  notAfter: Date;
  serial: string;
}

/** Makes a key and has its certificate signed. What comes of it is verified before it is given out. */
export async function issue(
  subject: Subject,
  signer: Signer,
  {days, now, signal}: {days: number; now: Date; signal: AbortSignal},
): Promise<Issued> {
  const {notBefore, notAfter} = signer.life;
  if (notAfter <= now || notBefore > now) {
    const which = notAfter <= now ? `expired at ${timeText(notAfter)}` : `is valid from ${timeText(notBefore)} on`;
    throw new Error(
      `the authority ${nameOf(signer.certificate)} ${which}, so no certificate is made for ${subject.commonName}; ` +
        "docs/security.md has how an authority is replaced",
    );
  }
  const {makeLeaf, makeRequest} = await import("./x509.ts");
  if (signer.command) {
    const {request, key} = await makeRequest(subject);
    const answer = await signByCommand(signer.command, request, {days, limitMs: signer.timeoutMs, signal});
    return verified(answer, key, subject, signer, now);
  }
  const made = await makeLeaf(subject, newLife(now, days, signer.life), {...signer, key: signer.key!});
  return verified(made.certificate, made.key, subject, signer, now);
}

function verified(pem: string, key: string, subject: Subject, signer: Signer, now: Date): Issued {
  const by = signer.command?.[0] ?? nameOf(signer.certificate);
  const who = `the certificate of ${subject.commonName} that ${by} signed`;
  let certificates: X509Certificate[];
  try {
    certificates = readCertificates(pem);
  } catch (error) {
    throw new Error(`${who} ${(error as Error).message}`);
  }
  const [leaf, ...others] = certificates as [X509Certificate, ...X509Certificate[]];
  const path = pathOf(leaf, [...signer.path, ...others]);
  const problems = [
    ...(leaf.checkPrivateKey(createPrivateKey(key)) ? [] : ["is not for the key of the request"]),
    ...(trusted(path, signer) ? [] : [`does not lead to the authority ${nameOf(signer.certificate)}`]),
    ...(leaf.ca ? ["is an authority itself (CA)"] : []),
    ...timeProblems(leaf, now),
    ...unnamed(leaf, subject).map(name => `does not name ${name}`),
    ...unused(leaf, subject).map(purpose => `is not for ${purpose}s`),
  ];
  if (problems.length) throw new Error(`${who} is not taken: it ${problems.join(", ")}`);
  return {
    certificate: pemOf([leaf]),
    chain: pemOf(path.filter(one => one === leaf || !isRoot(one))),
    key,
    notAfter: leaf.validToDate,
    serial: leaf.serialNumber.toLowerCase(),
  };
}

/** The path passes the authority's certificate, by its key: it may have been signed anew. */
const trusted = (path: X509Certificate[], signer: Signer) =>
  path.length > 1 && isRoot(path.at(-1)!) && path.slice(1).some(one => one.raw.equals(signer.certificate.raw));

function timeProblems(leaf: X509Certificate, now: Date): string[] {
  const life = lifeOf(leaf);
  if (life.notAfter <= now) return [`expired at ${timeText(life.notAfter)}`];
  return life.notBefore > now ? [`is valid from ${timeText(life.notBefore)} on, not yet`] : [];
}

/** Names that were asked for and are not in it. */
function unnamed(leaf: X509Certificate, {dnsNames, addresses}: Subject): string[] {
  // Any name stands for one with a star.
  const missing = dnsNames.filter(name => !leaf.checkHost(name.replace(/^\*/, "any"), {subject: "never"}));
  return [...missing, ...addresses.filter(address => !leaf.checkIP(address))];
}

const purposes = {server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2"};

/** Purposes that were asked for and that it excludes. One without any list is for all. */
function unused(leaf: X509Certificate, {usages}: Subject): string[] {
  const allowed: string[] | undefined = leaf.keyUsage;
  if (!allowed) return [];
  return (["server", "client"] as const)
    .filter(one => usages === one || usages === "both")
    .filter(one => !allowed.includes(purposes[one]));
}
