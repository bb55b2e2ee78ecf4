import {setTimeout as sleep} from "node:timers/promises";
import type {Command} from "commander";
import {kindOf, kinds} from "../../components/kinds.ts";
import {refuseForeign} from "../../engine/foreign.ts";
import {holdStacks} from "../../engine/hold.ts";
import {asTyped} from "../../engine/open.ts";
import {stackReference} from "../../engine/reference.ts";
import {targetOf} from "../../engine/target.ts";
import {readTopology} from "../../engine/topology.ts";
import {example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import type {Recovery, RecoveryLook} from "../../lib/recovery.ts";
import type {Topology, TopologyComponent} from "../../lib/topology.ts";
import type {Target} from "../../runner/targets/target.ts";
import {setUp} from "../../setup/set-up.ts";

/** Longest wait for the cluster to serve again, milliseconds. */
const limitMs = 90_000;
const askMs = 10_000;

interface Options {
  without: string[];
  discard?: string;
  unproven?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

/** Kinds whose clusters can be helped back. */
const able = kinds.flatMap(({name, recovery}) => (recovery ? [{name, title: recovery.title}] : []));
const titles = able.map(({title}) => title).join(" or ");
/** For the examples. */
const [first] = able;

/** `holdfast recover STACK COMPONENT`: how a cluster that runs nowhere comes back, and an operator's word where it
 *  needs one. */
export const recover: Register = (program: Command) => {
  program
    .command("recover")
    .argument("<STACK>", "folder below stacks/, as for up")
    .argument("<COMPONENT>", `a ${titles} of the stack: ${first!.name}`)
    .summary("start a database cluster without a member that is lost for good")
    .description(
      `A ${titles} comes back from a full outage by itself wherever that is safe. This shows whom it waits for, and goes on without them where you say so. Ends with 1 while the cluster waits.`,
    )
    .option(
      "--without <member>",
      "do not wait for this member (may be repeated): it is lost for good, or what it has alone may be lost",
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option(
      "--unproven",
      "start with the data that is there, although nothing proves that it is this cluster's: its volumes were restored from elsewhere",
    )
    .option(
      "--discard <member>",
      "throw away the data of a member that is fenced, so that it joins with the others' data",
    )
    .option("--dry-run", "show what could be lost, and change nothing")
    .option("--json", "a document for machines")
    .addHelpText(
      "after",
      example(
        `./holdfast recover lab ${first!.name}`,
        `./holdfast recover lab ${first!.name} --without ${first!.name}-1 --dry-run`,
      ),
    )
    .action(async (text: string, name: string, options: Options) => {
      const reference = stackReference(text);
      await setUp(["pulumi", "engine"]);
      await refuseForeign(reference);
      const {topology} = await readTopology(reference);
      const cluster = clusterOf(topology, name);
      await holdStacks([reference.label], () => work(targetOf(topology), cluster, options, asTyped(reference)));
    });
};

/** The component with how clusters of its kind come back. */
interface Cluster {
  component: TopologyComponent;
  recovery: Recovery;
}

function clusterOf({components}: Topology, name: string): Cluster {
  const all = components.flatMap(component => {
    const {recovery} = kindOf(component.kind);
    return recovery ? [{component, recovery}] : [];
  });
  const found = all.find(({component}) => component.name === name);
  if (found) return found;
  const known = all.length > 0 ? `It takes ${all.map(c => c.component.name).join(" or ")}.` : "This stack has none.";
  throw new CliError(
    `COMPONENT is ${JSON.stringify(name)}, which is no ${titles} of this stack. ${known}`,
    exitCodes.usage,
  );
}

async function look(target: Target, {component, recovery}: Cluster): Promise<RecoveryLook> {
  const answers = await Promise.all(
    component.members.map(async member => {
      const output = await target.exec(member, recovery.question, askMs).catch(() => undefined);
      return [member.name, output] as const;
    }),
  );
  return recovery.read(component, Object.fromEntries(answers));
}

async function work(target: Target, cluster: Cluster, options: Options, typed: string): Promise<void> {
  const {without, discard, dryRun} = options;
  const {component, recovery} = cluster;
  const found = await look(target, cluster);
  const {running, shown} = found;
  const say = options.json ? note : print;
  const forced = without.length > 0 || options.unproven === true;
  const refused = forced ? [...found.refuseWithout(without), ...refuseUnproven(found, options)] : [];
  const lost = forced && refused.length === 0 ? found.loss(without) : [];
  if (options.json) printJson({component: component.name, members: shown, running, refused, loss: lost});
  else for (const line of [...found.lines, ...lost]) print(line);
  if (refused.length > 0) throw new CliError(refused.join(" "), exitCodes.usage);
  if (discard) return throwAway(target, cluster, found, discard, {dryRun: dryRun === true, say});
  if (!forced) return tellState(component.name, found, typed);
  if (dryRun) return;
  await tell(target, cluster, found.spokesman(without)!.name, recovery.goOnWithout(without));
  await serving(target, cluster, say);
}

/** The word for data that nothing proves is no way to shorten another wait. */
function refuseUnproven({spokesman}: RecoveryLook, {without, unproven}: Options): string[] {
  const speaker = spokesman(without);
  if (!unproven || !speaker || speaker.unproven) return [];
  return [`--unproven is for data of which nothing proves that it is this cluster's; here it is proven.`];
}

/** Ends with 1 while the cluster waits. */
function tellState(name: string, {running, spokesman}: RecoveryLook, typed: string): void {
  if (running.length > 0) return;
  const speaker = spokesman();
  const command = `./holdfast recover ${typed} ${name}`;
  if (speaker?.safe && speaker.bound !== undefined)
    throw new CliError(
      `${name} comes back once ${speaker.bound} does, which was to start it. Start it; or, where it is lost for good: ${command} --without ${speaker.bound}`,
      exitCodes.fail,
    );
  if (speaker?.safe)
    throw new CliError(`${name} comes back by itself: ${speaker.toldWhy ?? "at once"}.`, exitCodes.fail);
  const why = speaker ? speaker.why : "no member waits with data";
  const missing = speaker?.missing.map(member => ` --without ${member}`).join("") ?? "";
  const advice = missing
    ? ` Start what is missing; or, where it is lost for good: ${command}${missing}`
    : speaker?.unproven
      ? ` Where you know that it is: ${command} --unproven`
      : "";
  throw new CliError(`${name} does not come back by itself: ${why}.${advice}`, exitCodes.fail);
}

/** Standard output has the document alone where one is asked for. */
type Say = (text: string) => void;

async function throwAway(
  target: Target,
  cluster: Cluster,
  found: RecoveryLook,
  name: string,
  {dryRun, say}: {dryRun: boolean; say: Say},
): Promise<void> {
  const {component, recovery} = cluster;
  if (found.running.length === 0)
    throw new CliError(
      `No member of ${component.name} serves, so what ${name} has may be the only data there is. Nothing is thrown away before another member serves.`,
      exitCodes.usage,
    );
  const why = found.fencedWhy(name);
  if (why === undefined)
    throw new CliError(
      `--discard is ${JSON.stringify(name)}, which is not fenced. Only a fenced member's data may be thrown away.`,
      exitCodes.usage,
    );
  say(`${name}: ${why}. All of it is thrown away; it then takes the others' data.`);
  if (dryRun) return;
  await tell(target, cluster, name, recovery.discard);
  const joined = (up: readonly string[]) => up.includes(name) && `${name} has joined`;
  await untilSeen(target, cluster, say, `${name} has not joined`, joined);
}

async function tell(target: Target, {component, recovery}: Cluster, name: string, order: string[]): Promise<void> {
  const member = component.members.find(m => m.name === name)!;
  const refusal = recovery.refusal(await target.exec(member, order, askMs));
  if (refusal !== undefined) throw new CliError(`${name} refuses: ${refusal}.`, exitCodes.fail);
}

const serving = (target: Target, cluster: Cluster, say: Say): Promise<void> =>
  untilSeen(
    target,
    cluster,
    say,
    `${cluster.component.name} does not serve`,
    up => up.length > 0 && `${up.join(", ")} serve${up.length === 1 ? "s" : ""} again`,
  );

/** Waits for members in the cluster, and tells each change meanwhile. `not`: what is so while they are not. */
async function untilSeen(
  target: Target,
  cluster: Cluster,
  say: Say,
  not: string,
  is: (up: readonly string[]) => string | false,
): Promise<void> {
  const end = Date.now() + limitMs;
  let last = "";
  while (Date.now() < end) {
    const {running, lines} = await look(target, cluster);
    const done = is(running);
    if (done) return say(`${cluster.component.name}: ${done}.`);
    const now = lines.join("; ");
    if (now !== last) note(`holdfast: ${now}`);
    last = now;
    await sleep(1000);
  }
  throw new CliError(`${not} after ${limitMs / 1000} s. Last seen: ${last}`, exitCodes.fail);
}
