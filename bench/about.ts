import {projectRoot} from "../lib/paths.ts";
import type {Topology} from "../lib/topology.ts";
import type {Target} from "../runner/targets/target.ts";
import {run} from "../setup/shell.ts";

/** The commit that is measured, with `+changes` where files differ from it. Results themselves and their page do not
 *  count. */
export async function commit(): Promise<string> {
  const git = (...args: string[]) => run("git", args, {cwd: projectRoot});
  const head = (await git("rev-parse", "--short=12", "HEAD")).trim();
  const changed = await git("status", "--porcelain", "--", ".", ":!bench/results", ":!docs/measurements.md");
  return changed.trim() ? `${head}+changes` : head;
}

/** Packages whose behaviour is measured. */
const packages = ["mariadb-server", "galera-4", "rabbitmq-server", "haproxy", "keepalived"];

/** Versions of what runs in the stack, by Debian package. */
export async function versionsOf(topology: Topology, target: Target): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query has such placeholders.
  const format = "-f=${Package} ${Version} ${db:Status-Status}\n";
  for (const {members} of topology.components) {
    const said = await target
      .exec(members[0]!, ["dpkg-query", "-W", format, ...packages], 10_000)
      .catch(() => undefined);
    for (const line of said?.stdout.split("\n") ?? []) {
      const [name, version, status] = line.split(" ");
      if (status === "installed") found[name!] = version!;
    }
  }
  return found;
}
