import {createHash} from "node:crypto";
import {copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {CliError, exitCodes} from "../lib/exit.ts";
import {cacheDir} from "../lib/paths.ts";
import {answers, isProgram, run, which} from "./shell.ts";
import type {Status, Step} from "./step.ts";

/** The release that is downloaded or built; the SDK in package.json has the same number. */
export const pulumiVersion = "3.259.0";
/** The oldest CLI on PATH that is used as it is: older ones lack `preview --refresh` with an event log and the refresh
 *  of pending creates. */
const oldest = [3, 200];
/** The last Go module that has the Node language host; later releases moved it to a repository without one. */
const hostVersion = "3.68.0";
/** What go.mod of the CLI asks for. */
const goNeeded = [1, 25];
const module = "github.com/pulumi/pulumi";

/** Folder of the programs that were downloaded or built. */
export const pulumiBin = cacheDir(`pulumi-${pulumiVersion}`, "bin");
const origin = join(dirname(pulumiBin), "from");

/** Folder of the Pulumi programs that commands use: a recent one on PATH, else ours. Undefined when there is none. */
export async function pulumiFolder(): Promise<string | undefined> {
  const onPath = which("pulumi");
  if (onPath && dirname(onPath) !== pulumiBin && which("pulumi-language-nodejs") && isRecent(await versionOf(onPath)))
    return dirname(onPath);
  return isProgram(join(pulumiBin, "pulumi")) && isProgram(join(pulumiBin, "pulumi-language-nodejs"))
    ? pulumiBin
    : undefined;
}

/** Version of the CLI in that folder; ours needs no question. */
export async function versionIn(folder: string): Promise<string> {
  return folder === pulumiBin ? `v${pulumiVersion}` : versionOf(join(folder, "pulumi"));
}

/** The Pulumi CLI with its Node language host: from PATH, from Pulumi's own downloads, or built from Go modules. */
export const pulumiStep: Step = {
  id: "pulumi",
  title: "Pulumi CLI and Node language host",
  after: [],
  fix: "./holdfast env",
  check,
  make,
};

async function check(): Promise<Status> {
  const folder = await pulumiFolder();
  if (folder === pulumiBin)
    return {
      state: "ok",
      version: `v${pulumiVersion}`,
      from: existsSync(origin) ? readFileSync(origin, "utf8").trim() : "",
    };
  if (folder) return {state: "ok", version: await versionIn(folder), from: `on PATH, ${folder}`};
  const go = await goVersion();
  if (go)
    return {
      state: "will be made",
      why: `downloaded from get.pulumi.com, or built with Go ${go} from Go modules (about 5 minutes)`,
    };
  if (await answers("https://get.pulumi.com/")) return {state: "will be made", why: "downloaded from get.pulumi.com"};
  return {state: "by hand", why: noWay()};
}

function noWay(): string {
  return `no Pulumi CLI >= ${oldest.join(".")} on PATH, get.pulumi.com does not answer, and there is no Go >= ${goNeeded.join(".")} to build it. Install either: https://www.pulumi.com/docs/install/ or https://go.dev/dl/`;
}

async function make(say: (line: string) => void): Promise<void> {
  const place = dirname(pulumiBin);
  const temporary = `${place}.making`;
  rmSync(temporary, {recursive: true, force: true});
  mkdirSync(join(temporary, "bin"), {recursive: true});
  const from = (await download(temporary, say)) ? "downloaded from get.pulumi.com" : await build(temporary, say);
  writeFileSync(join(temporary, "from"), `${from}\n`);
  rmSync(place, {recursive: true, force: true});
  renameSync(temporary, place);
}

/** The official archive, taken only when it is what the release's list of checksums says. False where it cannot be
 *  had. */
async function download(folder: string, say: (line: string) => void): Promise<boolean> {
  const system = `${process.platform}-${process.arch}`;
  if (
    !["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"].includes(system) ||
    !(await answers("https://get.pulumi.com/"))
  )
    return false;
  say("downloading from get.pulumi.com");
  const name = `pulumi-v${pulumiVersion}-${system}.tar.gz`;
  try {
    const sums = await text(`https://github.com/pulumi/pulumi/releases/download/v${pulumiVersion}/SHA512SUMS`);
    const archive = new Uint8Array(
      await (await get(`https://get.pulumi.com/releases/sdk/${name}`, 300_000)).arrayBuffer(),
    );
    const problem = checksumProblem(sums, name, createHash("sha512").update(archive).digest("hex"));
    if (problem) throw new Error(problem);
    writeFileSync(join(folder, name), archive);
    await run("tar", ["-xzf", join(folder, name), "-C", join(folder, "bin"), "--strip-components=1"]);
    rmSync(join(folder, name));
    return true;
  } catch (error) {
    say(`the download was not usable (${(error as Error).message}); building from Go modules`);
    return false;
  }
}

/** What is wrong with a downloaded file, by a list of `<hash>  <name>` lines; undefined when it is the one. */
export function checksumProblem(sums: string, name: string, found: string): string | undefined {
  const line = sums.split("\n").find(
    l =>
      l
        .trim()
        .split(/\s+\*?/)[1]
        ?.replace(/^\.\//, "") === name,
  );
  if (!line) return `the list of checksums does not name ${name}`;
  return line.trim().split(/\s+/)[0] === found
    ? undefined
    : `${name} has sha512 ${found}, the list of checksums says otherwise`;
}

/** Built with pinned go.mod and go.sum. The CLI's own version list is refused by `go install X@version`, so both have
 *  an own module. */
async function build(folder: string, say: (line: string) => void): Promise<string> {
  const go = await goVersion();
  if (!go) throw new CliError(noWay(), exitCodes.unavailable);
  say(`building pulumi-language-nodejs v${hostVersion} from Go modules`);
  const host = await goBuild(folder, "host", `${module}/sdk/v3/nodejs/cmd/pulumi-language-nodejs`, "");
  renameSync(host, join(folder, "bin", "pulumi-language-nodejs"));
  const sdk = await run("go", ["list", "-m", "-f", "{{.Dir}}", `${module}/sdk/v3`], goSettings(folder, "host"));
  copyFileSync(
    join(sdk.trim(), "nodejs", "dist", "pulumi-resource-pulumi-nodejs"),
    join(folder, "bin", "pulumi-resource-pulumi-nodejs"),
  );
  say(`building pulumi v${pulumiVersion} from Go modules (3 to 8 minutes)`);
  const stamp = ` -X ${module}/sdk/v3/go/common/version.Version=v${pulumiVersion}`;
  const cli = await goBuild(folder, "cli", `${module}/pkg/v3/cmd/pulumi`, stamp);
  renameSync(cli, join(folder, "bin", "pulumi"));
  rmSync(join(folder, "source"), {recursive: true, force: true});
  return `built from Go modules with Go ${go}`;
}

async function goBuild(folder: string, name: string, main: string, stamp: string): Promise<string> {
  const source = join(folder, "source", name);
  mkdirSync(source, {recursive: true});
  for (const file of ["go.mod", "go.sum"])
    copyFileSync(join(import.meta.dirname, "go", name, file), join(source, file));
  const target = join(source, "program");
  await run("go", ["build", `-ldflags=-s -w${stamp}`, "-o", target, main], goSettings(folder, name));
  return target;
}

function goSettings(folder: string, name: string) {
  const env = {GOFLAGS: "-buildvcs=false -mod=mod", GOTOOLCHAIN: "auto", GOWORK: "off"};
  return {cwd: join(folder, "source", name), env, limit: 40 * 60_000, log: `build-pulumi-${name}`};
}

async function goVersion(): Promise<string | undefined> {
  if (!which("go")) return undefined;
  const said = await run("go", ["env", "GOVERSION"]).catch(() => "");
  const version = said.trim().replace(/^go/, "");
  // From 1.21 on, Go gets the toolchain that go.mod asks for by itself.
  return compare(numbers(version), [1, 21]) >= 0 ? version : undefined;
}

async function versionOf(program: string): Promise<string> {
  return (
    await run(program, ["version"], {limit: 10_000, env: {PULUMI_SKIP_UPDATE_CHECK: "true"}}).catch(() => "")
  ).trim();
}

/** Whether `v3.201.0` is recent enough. A build without a version number is not. */
export function isRecent(version: string): boolean {
  return version !== "" && compare(numbers(version), oldest) >= 0;
}

function numbers(version: string): number[] {
  return version.replace(/^v/, "").split(/[.-]/).slice(0, 2).map(Number);
}

function compare(a: number[], b: number[]): number {
  return a[0]! - b[0]! || a[1]! - b[1]!;
}

async function get(url: string, limitMs: number): Promise<Response> {
  const response = await fetch(url, {signal: AbortSignal.timeout(limitMs)});
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

async function text(url: string): Promise<string> {
  return (await get(url, 20_000)).text();
}
