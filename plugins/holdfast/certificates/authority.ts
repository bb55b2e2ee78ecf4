import {randomBytes} from "node:crypto";
import type {Change} from "../../base/diff.ts";
import type {Context, ResourceType} from "../../base/resource.ts";
import type {Table} from "../../base/table.ts";
import {secret as mark, type Properties, type Value} from "../../base/values.ts";
import {commonLife, daysLeft, isLate, type Life, type Now, newLife, timeText} from "./life.ts";
import {commonNameProblems} from "./names.ts";
import {nameOf, pathOf, readCertificates} from "./pem.ts";
import {commandProblems, defaultTimeout, signerProblems, signing} from "./signer.ts";

type Old = {inputs: Properties; outputs: Properties};

const defaultDays = 3650;
/** Dates from 2050 on are written otherwise, and not all that read certificates know. */
const longest = 7300;

const inputs: Table = {
  commonName: {shape: "string"},
  days: {shape: "integer", default: defaultDays},
  own: {
    shape: {
      object: {
        /** The certificate that signs first, then all up to its root, then others that are to be trusted too. */
        certificate: {shape: "string", required: true},
        key: {shape: "string", secret: true},
      },
    },
  },
  /** Signs a request (PKCS#10) on its standard input, and writes PEM. */
  command: {shape: {list: "string"}},
  timeoutMs: {shape: "integer", default: defaultTimeout},
};

/**
 * Who signs the certificates of a stack. It makes itself once and stays: a new one would take every certificate with
 * it, so nothing but `--replace` makes one. One of the user's own is taken as it is given.
 */
export const certificateAuthority = (now: Now): ResourceType => ({
  token: "holdfast:index:CertificateAuthority",
  summary: "Signs the certificates of a stack; its key is kept encrypted in the state.",
  inputs,
  outputs: {certificate: {shape: "string"}, key: {shape: "string", secret: true}, notAfter: {shape: "string"}},

  check: news => authorityProblems(news, now()),

  /** Every preview, update and refresh comes by here, once. */
  diff(changes, old, news, context) {
    if (news.own === undefined) refuseAnother(changes, context);
    const own = news.own as Properties | undefined;
    warnWhenLate(context, own ? own.certificate : old.outputs.certificate, now());
    return changes;
  },

  recomputed: (old, news) => (changesWhoSigns(old, news) ? ["certificate", "key", "notAfter"] : []),

  async create(context, news) {
    const id = `${context.name}-${randomBytes(4).toString("hex")}`;
    const own = news.own as Properties | undefined;
    if (own) {
      warnWhenLate(context, own.certificate, now());
      return {id, outputs: ownOutputs(own)};
    }
    const life = newLife(now(), Number(news.days ?? defaultDays));
    const {makeAuthority} = await import("./x509.ts");
    const made = await makeAuthority(String(news.commonName), life);
    return {
      id,
      outputs: {certificate: made.certificate, key: mark(made.key), notAfter: timeText(life.notAfter)},
    };
  },

  async read(_context, id, known, outputs) {
    return known && {id, inputs: known, outputs: recorded(outputs)};
  },

  async update(_context, _id, old, news) {
    return news.own ? ownOutputs(news.own as Properties) : recorded(old.outputs);
  },

  async delete() {},
});

const recorded = ({certificate, key, notAfter}: Properties): Properties => ({
  certificate,
  key: key === undefined ? undefined : mark(key),
  notAfter,
});

const ownOutputs = ({certificate, key}: Properties): Properties =>
  recorded({certificate, key, notAfter: timeText(lifeOfSigning(String(certificate)).notAfter)});

/** The time in which the certificate that signs, and all above it, are valid. */
function lifeOfSigning(pem: string): Life {
  const [first, ...others] = readCertificates(pem);
  return commonLife(pathOf(first!, others));
}

function authorityProblems(news: Properties, now: Date): string[] {
  const {commonName, days, own, command} = news;
  const problems = commandProblems(news);
  if (own !== undefined) {
    const extra = ["commonName", "days"].filter(key => news[key] !== undefined);
    problems.push(
      ...extra.map(key => `input \`${key}\` is for an authority that is made, and \`own\` is given; leave it out`),
    );
    if (typeof own === "object") problems.push(...signerProblems("own.", own as Properties, command, now));
    return problems;
  }
  if (command !== undefined)
    problems.push("input `command` needs `own.certificate`, the certificate that it signs with");
  if (commonName === undefined) problems.push("input `commonName` is missing; give it, or an authority of your `own`");
  if (typeof days === "number" && (days < 1 || days > longest)) {
    problems.push(`input \`days\` is ${days}; it must be between 1 and ${longest}`);
  }
  return [...problems, ...commonNameProblems(commonName)];
}

const changesWhoSigns = (old: Old, news: Properties): boolean => {
  const own = news.own as Properties | undefined;
  return own !== undefined && (own.certificate !== old.outputs.certificate || own.key !== old.outputs.key);
};

/** An authority that was made stays as it is, and one of the user's own is not left for one that is made. */
function refuseAnother(changes: Change[], context: Context): void {
  const changed = changes.map(change => change.key).filter(key => ["commonName", "days", "own"].includes(key));
  if (changed.length === 0) return;
  throw new Error(
    `${context.name}: a change of ${changed.map(key => `\`${key}\``).join(", ")} would make another authority, and ` +
      "with it every certificate of the stack; until all have changed, members refuse each other. Take the change " +
      `back, or make it on purpose: pulumi up --replace '${context.urn}'`,
  );
}

/** Says so while there is time to do something about it. */
function warnWhenLate(context: Context, pem: Value, now: Date): void {
  const signs = signing(pem);
  if (!signs) return;
  const life = lifeOfSigning(String(pem));
  if (!isLate(life, now)) return;
  const left = daysLeft(life, now);
  context.log(
    "warning",
    `the authority ${nameOf(signs)} ${left < 0 ? "expired" : "expires"} at ${timeText(life.notAfter)}` +
      `${left < 0 ? "" : `, in ${left} days`}. It is never replaced by itself: docs/security.md has how to do it`,
  );
}
