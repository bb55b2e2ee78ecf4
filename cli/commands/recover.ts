import {setTimeout as sleep} from "node:timers/promises";
import type {Command} from "commander";
import {doorCommand, readRecovery} from "../../components/galera/shown.ts";
import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import type {Target} from "../../runner/targets/target.ts";
import {example, type Register} from "../command.ts";
import {CliError, exitCodes} from "../exit.ts";
import {note, print, printJson} from "../output.ts";
import {describe, loss, type Outage, refuseWithout, running, spokesman} from "../../components/galera/recovery.ts";
import {holdStacks} from "../run/hold.ts";
import {targetOf} from "../run/target.ts";
import {setUp} from "../setup/setUp.ts";
import {refuseForeign} from "../stack/foreign.ts";
import {stackReference} from "../stack/reference.ts";
import {readTopology} from "../stack/topology.ts";

/** Longest wait for the cluster to serve again, milliseconds. */
const limitMs = 90_000;
const askMs = 10_000;

interface Options {
  without: string[];
  discard?: string;
  dryRun?: boolean;
  json?: boolean;
}

/** `holdfast recover STACK COMPONENT`: how a Galera cluster that runs nowhere comes back, and an operator's word where it needs one. */
export const recover: Register = (program: Command) => {
  program
    .command("recover")
    .argument("<STACK>", "folder below stacks/, as for up")
    .argument("<COMPONENT>", "a Galera cluster of the stack: galera")
    .summary("start a database cluster without a member that is lost for good")
    .description(
      "A Galera cluster comes back from a full outage by itself wherever that is safe. This shows whom it waits for, and goes on without them where you say so. Ends with 1 while the cluster waits.",
    )
    .option(
      "--without <member>",
      "do not wait for this member (may be repeated): it is lost for good, or what it has alone may be lost",
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option(
      "--discard <member>",
      "throw away the data of a member that is fenced, so that it joins with the others' data",
    )
    .option("--dry-run", "show what could be lost, and change nothing")
    .option("--json", "a document for machines")
    .addHelpText(
      "after",
      example("./holdfast recover lab galera", "./holdfast recover lab galera --without galera-1 --dry-run"),
    )
    .action(async (text: string, name: string, options: Options) => {
      const reference = stackReference(text);
      await setUp(["pulumi", "engine"]);
      await refuseForeign(reference);
      const {topology} = await readTopology(reference);
      const component = galeraOf(topology, name);
      await holdStacks([reference.label], () => work(targetOf(topology), component, options));
    });
};

function galeraOf({components}: Topology, name: string): TopologyComponent {
  const all = components.filter(c => c.kind === "galera");
  const found = all.find(c => c.name === name);
  if (found) return found;
  const known = all.length > 0 ? `It takes ${all.map(c => c.name).join(" or ")}.` : "This stack has none.";
  throw new CliError(
    `COMPONENT is ${JSON.stringify(name)}, which is no Galera cluster of this stack. ${known}`,
    exitCodes.usage,
  );
}

async function look(target: Target, component: TopologyComponent): Promise<Outage> {
  const shown = await Promise.all(
    component.members.map(async member => {
      const output = await target.exec(member, doorCommand("show"), askMs).catch(() => undefined);
      return [member.name, output && readRecovery(output)] as const;
    }),
  );
  const members = shown.filter(([name]) => name !== `${component.name}-arbitrator`).map(([name]) => name);
  return {component: component.name, members, shown: Object.fromEntries(shown)};
}

async function work(target: Target, component: TopologyComponent, options: Options): Promise<void> {
  const {without, discard, dryRun} = options;
  const outage = await look(target, component);
  const lines = describe(outage);
  const refused = without.length > 0 ? refuseWithout(outage, without) : [];
  const lost = without.length > 0 && refused.length === 0 ? loss(outage, without) : [];
  if (options.json)
    printJson({component: component.name, members: outage.shown, running: running(outage), refused, loss: lost});
  else for (const line of [...lines, ...lost]) print(line);
  if (refused.length > 0) throw new CliError(refused.join(" "), exitCodes.usage);
  if (discard) return throwAway(target, component, outage, discard, dryRun === true);
  if (without.length === 0) return tellState(outage);
  if (dryRun) return;
  await tell(target, component, spokesman(outage)!.me, `force without=${without.join(",")}`);
  await serving(target, component);
}

/** Ends with 1 while the cluster waits. */
function tellState(outage: Outage): void {
  if (running(outage).length > 0) return;
  const speaker = spokesman(outage);
  if (speaker?.safe)
    throw new CliError(`${outage.component} comes back by itself: ${speaker.told?.why ?? "at once"}.`, exitCodes.fail);
  const why = speaker ? speaker.why : "no member waits with data";
  const missing = speaker?.missing.map(name => ` --without ${name}`).join("") ?? "";
  const advice = missing
    ? ` Start what is missing; or, where it is lost for good: ./holdfast recover STACK ${outage.component}${missing}`
    : "";
  throw new CliError(`${outage.component} does not come back by itself: ${why}.${advice}`, exitCodes.fail);
}

async function throwAway(target: Target, component: TopologyComponent, outage: Outage, name: string, dryRun: boolean) {
  const shown = outage.shown[name];
  if (shown?.told?.do !== "fenced")
    throw new CliError(
      `--discard is ${JSON.stringify(name)}, which is not fenced. Only a fenced member's data may be thrown away.`,
      exitCodes.usage,
    );
  print(`${name}: ${shown.told.why}. All of it is thrown away; it then takes the others' data.`);
  if (!dryRun) await tell(target, component, name, "discard");
}

async function tell(target: Target, component: TopologyComponent, name: string, what: string): Promise<void> {
  const member = component.members.find(m => m.name === name)!;
  const {stdout} = await target.exec(member, doorCommand(what), askMs);
  if (stdout.trim() !== "ok")
    throw new CliError(`${name} refuses: ${stdout.trim().replace(/^refused /, "")}.`, exitCodes.fail);
}

async function serving(target: Target, component: TopologyComponent): Promise<void> {
  const end = Date.now() + limitMs;
  let last = "";
  while (Date.now() < end) {
    const outage = await look(target, component);
    const up = running(outage);
    if (up.length > 0) return print(`${component.name}: ${up.join(", ")} serve${up.length === 1 ? "s" : ""} again.`);
    const now = describe(outage).join("; ");
    if (now !== last) note(`holdfast: ${now}`);
    last = now;
    await sleep(1000);
  }
  throw new CliError(`${component.name} does not serve after ${limitMs / 1000} s. Last seen: ${last}`, exitCodes.fail);
}
