import {X509Certificate} from "node:crypto";
import {type Change, diffTable} from "../../base/diff.ts";
import type {Context, ResourceType} from "../../base/resource.ts";
import type {Table} from "../../base/table.ts";
import {secret as mark, type Properties} from "../../base/values.ts";
import {issue} from "./issue.ts";
import {isLate, lifeOf, type Now, newLife, timeText} from "./life.ts";
import {nameProblems, type Subject, type Usages, usages} from "./names.ts";
import {commandProblems, defaultTimeout, signerOf, signerProblems, signing} from "./signer.ts";

type Old = {inputs: Properties; outputs: Properties};

const defaultDays = 90;
/** Of the baseline requirements (6.3.2), as browsers enforce it. */
const longest = 398;

const inputs: Table = {
  authority: {
    shape: {
      object: {
        certificate: {shape: "string", required: true},
        key: {shape: "string", secret: true},
        command: {shape: {list: "string"}},
        timeoutMs: {shape: "integer", default: defaultTimeout},
      },
    },
    required: true,
  },
  commonName: {shape: "string", required: true},
  dnsNames: {shape: {list: "string"}, set: true},
  addresses: {shape: {list: "string"}, set: true},
  usages: {shape: "string", default: "server", only: usages},
  days: {shape: "integer", default: defaultDays},
  /** Days before its end; without it, a third of its life. */
  renewBefore: {shape: "integer"},
};

/** What a change of means another certificate. Of the authority it is the certificate that signs. */
const printed: Table = Object.fromEntries(
  ["commonName", "dnsNames", "addresses", "usages", "days"].map(key => [key, inputs[key]!]),
);

const computed = ["certificate", "chain", "key", "notAfter", "serial"];

/** A key and its certificate. An update makes both anew when what it says changes, or little of its life is left. */
export const certificate = (now: Now): ResourceType => ({
  token: "holdfast:index:Certificate",
  summary: "A certificate with its key, signed by the stack's authority and renewed by updates.",
  inputs,
  outputs: Object.fromEntries(computed.map(key => [key, {shape: "string", ...(key === "key" ? {secret: true} : {})}])),

  check(news) {
    const authority = news.authority as Properties | string;
    return [
      ...nameProblems(news),
      ...daysProblems(news),
      ...(typeof authority === "object"
        ? [...commandProblems(authority, "authority."), ...signerProblems("authority.", authority, authority.command)]
        : []),
    ];
  },

  diff(changes, old, news) {
    const renewal: Change = {key: "notAfter", kind: "update", replace: false, output: true};
    return isDue(old, news, now()) ? [...changes, renewal] : changes;
  },

  recomputed: (old, news) => (isMadeAnew(old, news, now()) ? computed : []),

  async create(context, news) {
    const outputs = await make(context, news, now());
    return {id: `${context.name}-${String(outputs.serial).slice(0, 8)}`, outputs};
  },

  async read(_context, id, known, outputs) {
    return known && {id, inputs: known, outputs: recorded(outputs)};
  },

  async update(context, _id, old, news) {
    return isMadeAnew(old, news, now()) ? make(context, news, now()) : recorded(old.outputs);
  },

  async delete() {},
});

async function make(context: Context, news: Properties, now: Date): Promise<Properties> {
  const subject: Subject = {
    commonName: String(news.commonName),
    dnsNames: (news.dnsNames ?? []) as string[],
    addresses: (news.addresses ?? []) as string[],
    usages: (news.usages ?? "server") as Usages,
  };
  const days = Number(news.days ?? defaultDays);
  const made = await issue(subject, signerOf(news.authority as Properties), {days, now, signal: context.signal});
  return recorded({...made, notAfter: timeText(made.notAfter)});
}

const recorded = (outputs: Properties): Properties => ({
  ...Object.fromEntries(computed.map(key => [key, outputs[key]])),
  key: mark(outputs.key),
});

const isMadeAnew = (old: Old, news: Properties, now: Date): boolean =>
  diffTable(printed, old.inputs, news).length > 0 || hasAnotherSigner(old, news) || isDue(old, news, now);

/** The certificate that signs is another, or not known yet. What else the authority trusts does not count. */
function hasAnotherSigner(old: Old, news: Properties): boolean {
  const [before, after] = [old.inputs, news].map(({authority}) => signing((authority as Properties)?.certificate));
  return !before || !after || !before.raw.equals(after.raw);
}

/** Little of its life is left, and a new one would live longer: one that ends with its authority would not. */
function isDue(old: Old, news: Properties, now: Date): boolean {
  if (typeof old.outputs.certificate !== "string") return false;
  const life = lifeOf(new X509Certificate(old.outputs.certificate));
  if (!isLate(life, now, news.renewBefore as number | undefined)) return false;
  const signs = signing((news.authority as Properties)?.certificate);
  const next = newLife(now, Number(news.days ?? defaultDays), signs && lifeOf(signs));
  return next.notAfter > life.notAfter;
}

function daysProblems({days = defaultDays, renewBefore}: Properties): string[] {
  if (typeof days !== "number") return [];
  if (days < 1 || days > longest) return [`input \`days\` is ${days}; it must be between 1 and ${longest}`];
  return typeof renewBefore === "number" && (renewBefore < 1 || renewBefore >= days)
    ? [`input \`renewBefore\` is ${renewBefore} days; it must be at least 1, and less than \`days\` (${days})`]
    : [];
}
