import {name} from "../scenario/values.ts";
import {byLooks, type Fault} from "./fault.ts";

export const crash: Fault = {
  kind: "crash",
  does: "One process ends without notice; the platform starts it again.",
  keys: {process: name.optional().describe("One process of the member, such as haproxy. Default: the main one.")},
  passing: true,
  detail: ({process}) => (process ? `(${process})` : undefined),
  fits: checkProcess,
  aim: async (_, {member, params}) => ({member, only: [{process: (params.process as string) ?? "main"}]}),
  async inject(target, {member, params, shot}) {
    if (!shot) await target.crash(member, (params.process as string) ?? "main");
  },
  evidence: byLooks((looks, {member, params, before}) => {
    const process = (params.process as string) ?? "main";
    const was = before.find(look => look.process === process);
    const now = looks.find(look => look.process === process);
    if (!was || !now) return undefined;
    if (!now.running) return `${member.name}: ${process} ended (exit code ${now.exitCode ?? "unknown"})`;
    return now.incarnation === was.incarnation
      ? undefined
      : `${member.name}: ${process} was started again by the platform`;
  }),
  heal: (target, {member}) => target.start(member),
};

function checkProcess(...[topology, {process}, where]: Parameters<NonNullable<Fault["fits"]>>) {
  if (process === undefined || !("component" in where)) return [];
  const component = topology.components.find(c => c.name === where.component);
  if (!component) return [];
  const known = ["main", ...Object.keys(component.members[0]?.handle.containers?.companions ?? {})];
  if (known.includes(process as string)) return [];
  const message = `is ${JSON.stringify(process)}. Processes of ${component.name}: ${known.join(", ")}.`;
  return [{key: "process", message}];
}
