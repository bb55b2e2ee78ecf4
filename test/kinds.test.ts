import {existsSync, readdirSync, readFileSync} from "node:fs";
import {join, resolve} from "node:path";
import test from "ava";
import {kindOf, kinds, refuseUnknownKinds} from "../components/kinds.ts";
import {memcached} from "../components/memcached/kind.ts";
import type {Kind} from "../lib/kind.ts";
import {budgetTopology} from "./budget-topology.ts";

const root = resolve(import.meta.dirname, "..");
const names = kinds.map(kind => kind.name);

test("every folder with a kind is in the list, under its own name", t => {
  const folders = readdirSync(join(root, "components")).filter(name =>
    existsSync(join(root, "components", name, "kind.ts")),
  );
  t.deepEqual([...names].sort(), folders.sort());
});

test("a kind that leaves a part out does not compile", t => {
  const {roles, ...rest} = memcached;
  // @ts-expect-error: it says nothing of roles.
  const lacking: Kind = rest;
  t.deepEqual(Object.keys({...lacking, roles}).sort(), Object.keys(memcached).sort());
});

test("a topology with a kind that nobody knows is refused, with who has it and what is allowed", t => {
  const topology = budgetTopology();
  t.notThrows(() => refuseUnknownKinds(topology));
  topology.components[2]!.kind = "redis";
  t.throws(() => refuseUnknownKinds(topology), {
    message:
      /^topology of lab\/lab: `memcached\.kind` is "redis"\. It takes "galera", .* or "http"\. Use the Holdfast that made the stack/,
  });
  t.throws(() => kindOf("redis"), {message: /^kind: is "redis"\. It takes "galera"/});
});

/** Production folders in which a kind is named nowhere but in its own. Stacks declare components, and benches compare
 *  products. */
const folders = ["lib", "runner", "cli", "platforms", "plugins", "controllers", "components"];

/** Files and folders where a name may stand all the same, and why. */
const allowed: Record<string, string> = {
  "components/kinds.ts": "the list",
  "workloads/": "clients, which say what software they speak to",
  "report/sample": "a made-up run of the lab, for pictures and tests of reports",
  "runner/faults/change.ts": "an example of a stack's setting in the reference",
  "runner/scenario/schema.ts": "an example of a component's and a member's name in the reference",
};

/** Kinds whose names are protocols of the wire, and so words of their own: what they name is told by the place alone.
 *  There a name as a text is looked for, and these files mean the protocol. */
const protocols: Record<string, RegExp> = {
  memcached: /^lib\/(topology|budget\/distance)\.ts$/,
  http: /^(lib\/topology\.ts|lib\/engine-client\.ts|plugins\/docker\/client\.ts|components\/.*)$/,
};

test("no name of a kind stands outside its own places", t => {
  const files = folders.flatMap(folder =>
    readdirSync(join(root, folder), {recursive: true, encoding: "utf8"})
      .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts"))
      .map(name => `${folder}/${name}`),
  );
  const found = files
    .filter(file => !Object.keys(allowed).some(place => file.startsWith(place)))
    .flatMap(file => names.filter(name => !isOwn(name, file)).flatMap(name => namedIn(file, name)));
  t.true(files.length > 300);
  t.deepEqual(found, []);
});

/** Its folder, and the programs that run beside its members. */
function isOwn(name: string, file: string): boolean {
  return file.startsWith(`components/${name}/`) || file.startsWith(`controllers/${name}-`);
}

function namedIn(file: string, name: string): string[] {
  if (protocols[name]?.test(file)) return [];
  const pattern = protocols[name] ? new RegExp(`["'\`]${name}["'\`]`) : new RegExp(name, "i");
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const wrong = lines.flatMap((line, i) => (pattern.test(withoutExamples(line)) ? [`${file}:${i + 1}: ${line}`] : []));
  return [...(pattern.test(file) ? [`${file}: its name`] : []), ...wrong];
}

/** Examples in comments, and paths of scenarios and of programs that run beside members, which decide nothing. */
function withoutExamples(line: string): string {
  const isComment = /^\s*(\/\*\*|\*|\/\/)/.test(line);
  return (isComment ? line.replace(/`[^`]*`/g, "") : line).replace(/(scenarios|controllers)\/[\w/.-]+/g, "");
}
