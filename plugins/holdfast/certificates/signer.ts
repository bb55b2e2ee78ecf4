import type {KeyObject, X509Certificate} from "node:crypto";
import {type Properties, unknown, type Value} from "../../base/values.ts";
import {commonLife, type Life, timeText} from "./life.ts";
import {isRoot, nameOf, pathOf, readCertificates, readKey} from "./pem.ts";

export const defaultTimeout = 60_000;

/** Who signs: a certificate with its key, or with a command that has it. */
export interface Signer {
  certificate: X509Certificate;
  /** From the certificate up to its root. */
  path: X509Certificate[];
  life: Life;
  key?: KeyObject;
  command?: string[];
  timeoutMs: number;
}

/** The signer in inputs that were checked. */
export function signerOf(authority: Properties): Signer {
  const certificates = readCertificates(String(authority.certificate));
  const path = pathOf(certificates[0]!, certificates.slice(1));
  const command = authority.command as string[] | undefined;
  return {
    certificate: certificates[0]!,
    path,
    life: commonLife(path),
    ...(command ? {command} : {key: readKey(String(authority.key))}),
    timeoutMs: Number(authority.timeoutMs ?? defaultTimeout),
  };
}

/** The certificate that signs, of several in a text; undefined when it is not known, or none can be read. */
export function signing(pem: Value): X509Certificate | undefined {
  if (typeof pem !== "string" || pem === unknown) return undefined;
  try {
    return readCertificates(pem)[0];
  } catch {
    return undefined;
  }
}

/** What is wrong with a command and its limit. */
export function commandProblems({command, timeoutMs}: Properties, path = ""): string[] {
  const problems: string[] = [];
  if (Array.isArray(command) && (command.length === 0 || command[0] === "")) {
    problems.push(`input \`${path}command\` is empty; give a program and its arguments`);
  }
  if (typeof timeoutMs === "number" && timeoutMs < 1) {
    problems.push(`input \`${path}timeoutMs\` is ${timeoutMs}; it must be at least 1 ms`);
  }
  return problems;
}

/** Every problem of a signer: `path` is what its certificate and key are called before their names (`own.`). */
export function signerProblems(path: string, {certificate, key}: Properties, command: Value, now?: Date): string[] {
  if (certificate === unknown || typeof certificate !== "string") return [];
  const problems = certificateProblems(`${path}certificate`, certificate, now);
  if (Array.isArray(command)) {
    return key === undefined
      ? problems
      : [
          ...problems,
          `inputs \`${path}key\` and \`command\` are both given; who signs is either the key or the command`,
        ];
  }
  if (key === unknown || command === unknown) return problems;
  if (typeof key !== "string") {
    return [...problems, `input \`${path}key\` is missing; give it, or a \`command\` that signs requests`];
  }
  try {
    const signs = signing(certificate);
    if (signs && !signs.checkPrivateKey(readKey(key))) {
      problems.push(`input \`${path}key\` does not belong to \`${path}certificate\` (${nameOf(signs)})`);
    }
  } catch (error) {
    problems.push(`input \`${path}key\` ${(error as Error).message}`);
  }
  return problems;
}

function certificateProblems(path: string, pem: string, now: Date | undefined): string[] {
  let certificates: X509Certificate[];
  try {
    certificates = readCertificates(pem);
  } catch (error) {
    return [`input \`${path}\` ${(error as Error).message}`];
  }
  const problems = certificates.filter(one => !one.ca).map(one => `has ${nameOf(one)}, which is no authority (CA)`);
  const chain = pathOf(certificates[0]!, certificates.slice(1));
  const last = chain.at(-1)!;
  if (!problems.length && !isRoot(last)) {
    const issuer = last.issuer.replaceAll("\n", ", ");
    problems.push(`ends with ${nameOf(last)}, which ${issuer} issued; add all up to the root, which clients trust`);
  }
  if (now) problems.push(...chain.flatMap(one => timeProblems(one, now)));
  return problems.map(problem => `input \`${path}\` ${problem}`);
}

function timeProblems(certificate: X509Certificate, now: Date): string[] {
  const {validFromDate: from, validToDate: to} = certificate;
  if (to <= now) return [`has ${nameOf(certificate)}, which expired at ${timeText(to)}; give one that is valid`];
  if (from > now) return [`has ${nameOf(certificate)}, which is valid from ${timeText(from)}, not yet`];
  return [];
}
