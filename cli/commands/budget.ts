import type {Command} from "commander";
import {kindOf} from "../../components/kinds.ts";
import {stackReference} from "../../engine/reference.ts";
import {targetOf} from "../../engine/target.ts";
import {readTopology} from "../../engine/topology.ts";
import type {ClientTimings} from "../../lib/budget/failure.ts";
import {machineMs} from "../../lib/budget/machine.ts";
import {leastOf, shortMs, type Term} from "../../lib/budget/terms.ts";
import {durationOption, example, type Register} from "../../lib/command-line.ts";
import {CliError, exitCodes} from "../../lib/exit.ts";
import {note, print, printJson} from "../../lib/output.ts";
import {colourful, screenWidth, wrap} from "../../lib/terminal.ts";
import type {Endpoint, Topology} from "../../lib/topology.ts";
import {lintsOf} from "../../runner/budget/lints.ts";
import {clientOf} from "../../runner/budget/scenario.ts";
import {budgetTable} from "../../runner/budget/table.ts";
import {setUp} from "../../setup/set-up.ts";
import {workloads} from "../../workloads/registry.ts";
import {budgetText, lintText} from "../run/budget-text.ts";
import {latenessOf} from "../run/lateness.ts";

interface Options {
  operation?: number;
  connect?: number;
  machine: number;
  probe: boolean;
  json?: boolean;
}

/** `holdfast budget STACK`: the longest outages that its configuration allows. */
export const budget: Register = (program: Command) => {
  program
    .command("budget")
    .argument("<STACK>", "folder below stacks/, as for up")
    .summary("the longest outages that its configuration allows")
    .description(
      "Computes from the timings that the daemons are told the longest outage that a client may see, for each component and kind of failure, shows the sum term by term, and says what makes it longer than need be. Ends with 1 when something about the stack will not survive what it is there for. docs/budgets.md has the equations.",
    )
    .option(
      "--operation <duration>",
      "how long clients wait for an operation (default: as workloads do)",
      durationOption("--operation"),
    )
    .option(
      "--connect <duration>",
      "how long clients wait for TCP (default: as workloads do)",
      durationOption("--connect"),
    )
    .option("--machine <duration>", "what the machine takes without any fault", durationOption("--machine"), machineMs)
    .option("--no-probe", "do not measure for 2 s how late the members of the virtual address are woken")
    .option("--json", "a document for machines")
    .addHelpText("after", example("./holdfast budget lab", "./holdfast budget lab --operation 500ms --json"))
    .action(async (text: string, options: Options) => {
      const reference = stackReference(text);
      await setUp(["pulumi"]);
      const {topology} = await readTopology(reference);
      const clientAt = (endpoint: Endpoint) => timingsAt(endpoint, options);
      const lateMs = options.probe ? await probe(topology) : {};
      const rows = budgetTable(topology, clientAt, options.machine);
      const lints = lintsOf({topology, clientOf: clientAt, lateMs});
      if (options.json) {
        const budgets = rows.map(({budget, ...row}) =>
          budget ? {...row, ...withLeast(budget), ...(budget.back ? {back: withLeast(budget.back)} : {})} : row,
        );
        printJson({stack: topology.stack, machineMs: options.machine, lateMs, budgets, lints});
      } else {
        const screen = {width: Math.min(screenWidth(), 110), colour: colourful()};
        for (const line of wrap(head(topology, options), screen.width)) print(line);
        for (const line of budgetText(rows, screen)) print(line);
        if (lints.length > 0) print("");
        for (const line of lintText(lints, screen)) print(line);
      }
      if (lints.some(lint => lint.level === "error")) throw new CliError("", exitCodes.fail);
    });
};

/** How clients of an endpoint wait: as the first workload that speaks its protocol does, where nothing else is
 *  asked. */
function timingsAt({protocol}: Endpoint, {operation, connect}: Options): ClientTimings {
  const speaks =
    workloads.find(w => w.protocols !== "any" && w.protocols.includes(protocol)) ??
    workloads.find(w => w.protocols === "any")!;
  const own = clientOf({workload: speaks.name, clients: 4, rate: 200, options: {}});
  return {
    ...own,
    ...(operation === undefined ? {} : {operationMs: operation}),
    ...(connect === undefined ? {} : {connectMs: connect}),
  };
}

async function probe(topology: Topology): Promise<Record<string, number>> {
  const holders = topology.components.filter(c => kindOf(c.kind).punctual).map(c => c.name);
  const measure = async () => latenessOf(targetOf(topology), topology);
  const found = await measure().catch(() => ({}) as Record<string, number>);
  const missed = holders.filter(name => found[name] === undefined);
  if (missed.length > 0)
    note(`holdfast: no member of ${missed.join(", ")} answers; how late they are woken is not known.`);
  return found;
}

function head(topology: Topology, {operation, connect}: Options): string {
  const given = [
    ...(operation === undefined ? [] : [`an operation may take ${shortMs(operation)}`]),
    ...(connect === undefined ? [] : [`TCP may take ${shortMs(connect)}`]),
  ];
  return `${topology.stack}: the longest outage that a client may see, as the stack is configured${given.length > 0 ? `, where ${given.join(" and ")}` : ""}.`;
}

const withLeast = <Sum extends {terms: readonly Term[]}>(sum: Sum) => ({leastMs: leastOf(sum.terms), ...sum});
