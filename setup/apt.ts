import {run} from "./shell.ts";

/** Installs packages of Debian, as root, without questions. `log` names the log, `limit` is in milliseconds. Errors:
 *  they cannot be had. */
export async function aptInstall(packages: readonly string[], log: string, limit = 600_000): Promise<void> {
  const settings = {env: {DEBIAN_FRONTEND: "noninteractive"}, limit, log};
  // A broken extra source must not stop the installation: if a package cannot be had, the next command says so.
  await run("apt-get", ["update", "-q"], settings).catch(() => "");
  await run("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...packages], settings);
}
