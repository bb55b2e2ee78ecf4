import {readdirSync, readFileSync} from "node:fs";
import {dirname, join, relative, resolve} from "node:path";
import test from "ava";

const root = resolve(import.meta.dirname, "..");

/** What each folder may import besides itself and packages. A folder that is not here may be imported by nothing but
 *  tests. */
const allowed: Record<string, string[]> = {
  lib: [],
  platforms: ["lib"],
  components: ["platforms/platform.ts", "lib"],
  stacks: ["components", "platforms", "lib"],
  workloads: ["lib"],
  report: ["lib"],
  runner: ["workloads", "lib", "components/kinds.ts"],
  // The set-up builds images, so it shares the docker platform's recipes with it; the browser is the report's.
  setup: ["report/browser.ts", "lib", "platforms/docker/images.ts"],
  engine: ["setup", "runner", "lib", "components/kinds.ts", "platforms/docker/images.ts"],
  cli: ["engine", "setup", "report", "runner", "workloads", "lib", "components/kinds.ts"],
  plugins: ["lib"],
  controllers: ["lib"],
  // Benches have stacks of their own, and start containers of the project's own images.
  bench: [
    "engine",
    "setup",
    "report",
    "runner",
    "workloads",
    "stacks/plainStacks.ts",
    "components",
    "platforms",
    "lib",
  ],
};

const sources = Object.keys(allowed).flatMap(folder => typescriptIn(join(root, folder)));
const imports = new Map(sources.map(file => [file, importsOf(file)]));

function typescriptIn(folder: string): string[] {
  try {
    return readdirSync(folder, {recursive: true, encoding: "utf8"})
      .filter(name => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.includes("node_modules"))
      .map(name => join(folder, name));
  } catch {
    return [];
  }
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/^\s*(?:import|export)\b[^;"']*?from\s+["'](\.[^"']+)["']/gm)].map(match =>
    resolve(dirname(file), match[1]!),
  );
}

const short = (file: string) => relative(root, file);

test("imports point down", t => {
  const wrong = [...imports].flatMap(([file, targets]) =>
    targets
      .map(short)
      .filter(target => !mayImport(short(file), target))
      .map(target => `${short(file)} imports ${target}`),
  );
  t.deepEqual(wrong, []);
});

function mayImport(file: string, target: string): boolean {
  const folder = file.split("/")[0]!;
  if (target.startsWith(`${folder}/`)) return !crossesPlatforms(file, target);
  return allowed[folder]!.some(place => target === place || target.startsWith(`${place}/`));
}

/** Platforms never import each other. */
function crossesPlatforms(file: string, target: string): boolean {
  const [from, to] = [file.split("/"), target.split("/")];
  return from[0] === "platforms" && from.length > 2 && to.length > 2 && from[1] !== to[1];
}

test("no file imports itself in a circle", t => {
  const done = new Set<string>();
  const circle = (file: string, path: string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].map(short);
    if (done.has(file)) return undefined;
    for (const target of imports.get(file) ?? []) {
      const found = circle(target, [...path, file]);
      if (found) return found;
    }
    done.add(file);
    return undefined;
  };
  t.deepEqual(sources.map(file => circle(file, [])).find(Boolean), undefined);
});

test("what is known of kinds needs nothing but the library", t => {
  // Runner and commands import the list, and with it all of this: no engine, no platform, no class of a component.
  const list = join(root, "components/kinds.ts");
  const reached = new Set<string>();
  const walk = (file: string): void => {
    if (reached.has(file) || !short(file).startsWith("components/")) return;
    reached.add(file);
    for (const target of imports.get(file)!) walk(target);
  };
  walk(list);
  const wrong = [...reached].flatMap(file => [
    ...imports
      .get(file)!
      .filter(target => file !== list && !short(target).startsWith("lib/") && dirname(target) !== dirname(file))
      .map(target => `${short(file)} imports ${short(target)}`),
    ...[
      ...readFileSync(file, "utf8").matchAll(
        /^\s*(?:import|export)\b[^;"']*?\b(?:from|import)\s+["']([^."'][^"']*)["']/gm,
      ),
    ].map(match => `${short(file)} imports ${match[1]}`),
  ]);
  t.true(reached.size > 10);
  t.deepEqual(wrong, []);
});

test("the library is pure", t => {
  // Set-up and commands need to know where the project is, whoever talks to the docker engine needs the same client of
  // it, and who holds a lock or a journal may be dead; nothing else in lib touches the machine.
  const mayTouch = ["lib/paths.ts", "lib/engine-client.ts", "lib/alive.ts"];
  const impure = sources
    .filter(file => short(file).startsWith("lib/") && !mayTouch.includes(short(file)))
    .filter(file =>
      /from ["'](node:(fs|net|http|https|child_process|dgram|os)[^"']*|@pulumi\/[^"']*|dockerode)["']/.test(
        readFileSync(file, "utf8"),
      ),
    )
    .map(short);
  t.deepEqual(impure, []);
});
