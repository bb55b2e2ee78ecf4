import {isIP, isIPv6} from "node:net";
import {domainToASCII} from "node:url";
import {type Properties, unknown, type Value} from "../../base/values.ts";

/** What a certificate is for. */
export const usages = ["server", "client", "both"] as const;
export type Usages = (typeof usages)[number];

/** Whom a certificate names. */
export interface Subject {
  commonName: string;
  dnsNames: string[];
  addresses: string[];
  usages: Usages;
}

/** The longest common name of RFC 5280 (ub-common-name). */
const longestCommonName = 64;

/** Every problem of the names in the inputs of a certificate; unknown values have none yet. */
export function nameProblems(inputs: Properties): string[] {
  const known = (value: Value): string[] =>
    Array.isArray(value) ? value.filter((item): item is string => typeof item === "string" && item !== unknown) : [];
  const problems = [
    ...commonNameProblems(inputs.commonName),
    ...known(inputs.dnsNames).flatMap(name => said("dnsNames", name, dnsNameProblem(name))),
    ...known(inputs.addresses).flatMap(address => said("addresses", address, addressProblem(address))),
  ];
  const nobody = [inputs.dnsNames, inputs.addresses].every(list => list === undefined || isEmpty(list));
  if (nobody && (inputs.usages ?? "server") !== "client" && inputs.usages !== unknown) {
    problems.push(
      "inputs `dnsNames` and `addresses` are both empty, and clients compare with nothing else: " +
        'name the server in one of them, or set `usages` to "client"',
    );
  }
  return problems;
}

const isEmpty = (value: Value) => Array.isArray(value) && value.length === 0;

const said = (key: string, value: string, problem: string | undefined): string[] =>
  problem ? [`input \`${key}\` has ${JSON.stringify(value)}: ${problem}`] : [];

export function commonNameProblems(value: Value): string[] {
  if (typeof value !== "string" || value === unknown) return [];
  if (value.trim() === "" || value.length > longestCommonName) {
    return [
      `input \`commonName\` is ${JSON.stringify(value)}, ${value.length} characters; ` +
        `it must have 1 to ${longestCommonName} (long names belong into \`dnsNames\`)`,
    ];
  }
  return /\p{Cc}/u.test(value)
    ? [`input \`commonName\` is ${JSON.stringify(value)}; it must have no control characters`]
    : [];
}

/** What is wrong with a name for a certificate (RFC 5280 4.2.1.6 and the baseline requirements 7.1.4.2.1). */
export function dnsNameProblem(name: string): string | undefined {
  if (isIP(name) !== 0) return "that is an address; put it into `addresses`";
  if (name.length === 0 || name.length > 253) return `${name.length} characters; a name has 1 to 253`;
  if (name.endsWith(".")) return "certificates have names without the dot at the end";
  if (/\P{ASCII}/u.test(name)) {
    const ascii = domainToASCII(name);
    return `letters outside ASCII; ${ascii ? `write ${JSON.stringify(ascii)}` : "write it as DNS has it (xn--...)"}`;
  }
  const labels = name.split(".");
  if (labels[0] === "*") {
    labels.shift();
    if (labels.length < 2) return 'clients take "*" only before two labels or more, such as *.example.org';
  }
  for (const label of labels) {
    if (label.length === 0 || label.length > 63) return `a part of ${label.length} characters; each has 1 to 63`;
    if (label.includes("*")) return '"*" may only stand alone as the first part, such as *.example.org';
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(label)) {
      return `the part ${JSON.stringify(label)}; allowed are letters, digits and, inside, "-"`;
    }
  }
  return /^\d+$/.test(labels.at(-1)!) ? "its last part is a number, so clients take it for an address" : undefined;
}

/** What is wrong with an address for a certificate. */
export function addressProblem(address: string): string | undefined {
  if (address.includes("%")) return "an address with a zone, which certificates cannot have; leave out what follows %";
  if (address.includes("/")) return "a network; name each address";
  if (isIP(address) === 0) return "that is no IPv4 or IPv6 address; names belong into `dnsNames`";
  if (/^[0.:]+$/.test(address)) return "nobody is reached at it; name the addresses that clients use";
  if (plainAddress(address).startsWith("::ffff:")) return "an IPv4 address in the form of IPv6; write it as IPv4";
  return undefined;
}

/** An address in its one short form (RFC 5952): 0:0:0:0:0:0:0.0.0.1 is ::1. */
export const plainAddress = (address: string): string =>
  isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
