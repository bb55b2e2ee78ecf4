import {createHash, randomUUID} from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import {dirname, join, posix} from "node:path";
import {cacheDir, projectRoot} from "../../lib/paths.ts";
import {InputError} from "../../lib/problems.ts";
import {bundle} from "./bundle.ts";

/** The Debian that recipes start from, under this local name whether it was pulled or made with mmdebstrap. */
export const debianImage = "holdfast/debian:bookworm";

/** An image by its content: two recipes with the same tag give the same image, so a tag that exists is never built
 *  again. */
export interface Recipe {
  service: string;
  /** `holdfast/<service>:<12 hex digits of the content>`. */
  tag: string;
  /** Folder to build in, made by {@link recipeOf}. */
  context: string;
  dockerfile: string;
  buildArgs: {BASE_IMAGE: string};
  /** The service whose image it starts from; absent when it starts from Debian. */
  base?: string;
}

/** `recipe.json` beside a Dockerfile: what is in the context besides the folder's own files. */
interface RecipeSettings {
  /** Service whose image becomes BASE_IMAGE. Default `base`. */
  base?: string;
  /** Programs of this project, bundled into one file each: name in the context to entry point below the project. */
  programs?: Record<string, string>;
  /** Files of npm packages: name in the context to `<package>/<path>`. The package's version stands for its bytes. */
  packages?: Record<string, string>;
}

/** One file of a context. `identity` is what the tag depends on. */
export interface ContextFile {
  name: string;
  executable: boolean;
  identity: string;
  content: {bytes: Uint8Array} | {path: string};
}

/** Where recipes, programs and npm packages are looked for. */
export interface RecipeRoots {
  project: string;
  templates: string;
  contexts: string;
}

const roots: RecipeRoots = {
  project: projectRoot,
  templates: join(projectRoot, "templates"),
  contexts: cacheDir("contexts"),
};
const known = new Map<string, Recipe>();

/** Services that have an image recipe, by name. */
export function services(from = roots): string[] {
  return readdirSync(from.templates)
    .filter(name => existsSync(join(from.templates, name, "Dockerfile")))
    .sort();
}

/** The recipe of a service (a folder below `templates/`), its context made in the cache. Errors: the folder has no
 *  Dockerfile, or its Dockerfile copies a file that is not there. */
export function recipeOf(service: string, from = roots, asking: string[] = []): Recipe {
  const found = known.get(join(from.templates, service));
  if (found && existsSync(found.context)) return found;
  const folder = join(from.templates, service);
  if (!existsSync(join(folder, "Dockerfile"))) {
    throw refusal(
      service,
      `has no ${join("templates", service, "Dockerfile")}. Services with a recipe: ${services(from).join(", ")}.`,
    );
  }
  if (asking.includes(service)) throw refusal(service, `starts from itself: ${[...asking, service].join(" -> ")}.`);
  const settings = settingsOf(folder);
  const base = settings.base ?? (service === "base" ? undefined : "base");
  const baseImage = base === undefined ? debianImage : recipeOf(base, from, [...asking, service]).tag;
  const files = contextFiles(service, folder, settings, from);
  const hash = contentHash(files, {BASE_IMAGE: baseImage});
  const context = join(from.contexts, `${service}-${hash}`);
  materialise(context, files);
  const recipe: Recipe = {
    service,
    tag: `holdfast/${service}:${hash}`,
    context,
    dockerfile: "Dockerfile",
    buildArgs: {BASE_IMAGE: baseImage},
    base,
  };
  known.set(folder, recipe);
  return recipe;
}

/** Twelve hex digits over names, modes and content of all files and over the build arguments; the order of files does
 *  not matter. */
export function contentHash(files: readonly ContextFile[], buildArgs: Record<string, string>): string {
  const lines = files.map(f => `file ${JSON.stringify(f.name)} ${f.executable ? 755 : 644} ${f.identity}`).sort();
  for (const [name, value] of Object.entries(buildArgs).sort()) lines.push(`arg ${name}=${value}`);
  return createHash("sha256").update(lines.join("\n")).digest("hex").slice(0, 12);
}

/** Names that COPY and ADD lines of a Dockerfile take from the context. Stages (`--from`) and URLs are left out. */
export function copiedNames(dockerfile: string): string[] {
  const logical = dockerfile.replaceAll(/^\s*#.*$\n?/gm, "").replaceAll(/\\\r?\n/g, " ");
  const names = new Set<string>();
  for (const line of logical.split("\n")) {
    const match = /^\s*(?:COPY|ADD)\s+(.*)$/i.exec(line);
    if (!match || /--from=/.test(match[1]!)) continue;
    const rest = match[1]!.replaceAll(/--\S+\s+/g, "").trim();
    const words: string[] = rest.startsWith("[") ? JSON.parse(rest) : rest.split(/\s+/);
    for (const word of words.slice(0, -1))
      if (!/^https?:/.test(word)) names.add(posix.normalize(word).replace(/^\/+|\/+$/g, ""));
  }
  return [...names];
}

function contextFiles(service: string, folder: string, settings: RecipeSettings, from: RecipeRoots): ContextFile[] {
  const dockerfile = readFileSync(join(folder, "Dockerfile"));
  const files = [fromBytes("Dockerfile", dockerfile, false)];
  for (const name of copiedNames(dockerfile.toString())) {
    const program = settings.programs?.[name];
    const npm = settings.packages?.[name];
    if (program) files.push(fromBytes(name, programOf(service, program, from.project), false));
    else if (npm) files.push(fromPackage(name, npm, from.project));
    else files.push(...fromFolder(service, folder, name));
  }
  return files;
}

function settingsOf(folder: string): RecipeSettings {
  const path = join(folder, "recipe.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

function fromFolder(service: string, folder: string, name: string): ContextFile[] {
  const path = join(folder, name);
  const stat = existsSync(path) ? statSync(path) : undefined;
  if (!stat)
    throw refusal(
      service,
      `its Dockerfile copies "${name}", which is neither in ${join("templates", service)} nor in "programs" or "packages" of its recipe.json.`,
    );
  if (!stat.isDirectory()) return [fromBytes(name, readFileSync(path), (stat.mode & 0o111) !== 0)];
  return readdirSync(path)
    .sort()
    .flatMap(child => fromFolder(service, folder, posix.join(name, child)));
}

function fromBytes(name: string, bytes: Uint8Array, executable: boolean): ContextFile {
  return {name, executable, identity: createHash("sha256").update(bytes).digest("hex"), content: {bytes}};
}

/** A big file of a package is known by the package's version: hashing 120 MB on every command would take longer than
 *  the command. */
function fromPackage(name: string, source: string, project: string): ContextFile {
  const parts = source.split("/");
  const packageName = parts.splice(0, source.startsWith("@") ? 2 : 1).join("/");
  const pinned = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  const version = pinned.optionalDependencies?.[packageName] ?? pinned.dependencies?.[packageName];
  const places = [join(project, "node_modules", packageName), cacheDir("packages", `${packageName}-${version}`)];
  const place = places.find(p => existsSync(join(p, ...parts))) ?? places[0]!;
  return {name, executable: true, identity: `npm ${source}@${version}`, content: {path: join(place, ...parts)}};
}

/** A program of this project, as one file. */
function programOf(service: string, program: string, project: string): Uint8Array {
  if (!existsSync(join(project, program)))
    throw refusal(service, `its recipe.json names the program "${program}", which is not there.`);
  return bundle(program, project);
}

/** Writes the context in one move, so that a second command never sees half of it. */
function materialise(context: string, files: readonly ContextFile[]): void {
  if (existsSync(context)) return;
  const temporary = `${context}.${randomUUID().slice(0, 8)}`;
  try {
    for (const file of files) {
      const path = join(temporary, file.name);
      mkdirSync(dirname(path), {recursive: true});
      if ("bytes" in file.content) {
        writeFileSync(path, file.content.bytes);
        chmodSync(path, file.executable ? 0o755 : 0o644);
      } else linkOrCopy(file.content.path, path);
    }
    renameSync(temporary, context);
  } catch (error) {
    rmSync(temporary, {recursive: true, force: true});
    if (!existsSync(context)) throw error;
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
    chmodSync(target, 0o755);
  }
}

function refusal(service: string, message: string): InputError {
  return new InputError(`image "${service}"`, [{path: "", message}]);
}
