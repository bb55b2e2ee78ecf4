import type {Command} from "commander";
import {stackReference} from "../../engine/reference.ts";
import {readTopology} from "../../engine/topology.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {print, printJson} from "../../lib/output.ts";
import {table} from "../../lib/terminal.ts";
import type {Topology} from "../../lib/topology.ts";
import {setUp} from "../../setup/set-up.ts";

interface Options {
  json?: boolean;
  showSecrets?: boolean;
}

/** `holdfast topology STACK`: components, members, zones and endpoints. */
export const topology: Register = (program: Command) => {
  program
    .command("topology")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("components, members, zones, endpoints")
    .description("Prints what the stack consists of and how clients reach it. Passwords only with --show-secrets.")
    .option("--json", "the topology document")
    .option("--show-secrets", "print passwords as well")
    .addHelpText(
      "after",
      example("./holdfast topology lab", "./holdfast topology lab --json | jq '.components[].endpoints'"),
    )
    .action(async (text: string, options: Options) => {
      const reference = stackReference(text);
      await setUp(["pulumi"]);
      const read = await readTopology(reference);
      const secrets = options.showSecrets ? read.secrets : undefined;
      if (options.json) printJson(secrets ? {...read.topology, secrets} : read.topology);
      else for (const line of describe(read.topology, secrets)) print(line);
    });
};

function describe(topology: Topology, secrets?: Record<string, string>): string[] {
  const members = topology.components.flatMap(c =>
    c.members.map(m => [
      c.name,
      m.name,
      m.zone,
      Object.entries(m.addresses)
        .map(([n, a]) => `${n} ${a}`)
        .join(", "),
    ]),
  );
  const endpoints = topology.components
    .flatMap(c => c.endpoints)
    .map(e => [
      e.name,
      e.of,
      `${e.protocol}://${e.servers?.join(",") ?? `${e.address}:${e.port}`}${e.database ? `/${e.database}` : ""}${e.vhost ? ` vhost ${e.vhost}` : ""}`,
      e.user ?? "",
      e.passwordSecret ? (secrets?.[e.passwordSecret] ?? "(--show-secrets)") : "",
    ]);
  return [
    `${topology.stack} on ${topology.platform}, zones ${topology.zones.join(", ")}`,
    "",
    uncut(["component", "member", "zone", "addresses"], members),
    "",
    uncut(["endpoint", "of", "where", "user", "password"], endpoints),
  ];
}

/** An address or a password is there to be copied. */
function uncut(titles: string[], rows: string[][]): string {
  return table(rows, {columns: titles.map(title => ({title})), width: Number.POSITIVE_INFINITY});
}
