import {allRun, type Fault} from "./fault.ts";

/** One process ends without notice and the platform starts it again by itself. */
export const crash: Fault = {
  kind: "crash",
  passing: true,
  inject: (target, {member, process}) => target.crash(member, process ?? "main"),
  evidence(looks, {member, process = "main", before}) {
    const was = before.find(look => look.process === process);
    const now = looks.find(look => look.process === process);
    if (!was || !now) return undefined;
    if (!now.running) return `${member.name}: ${process} ended (exit code ${now.exitCode ?? "unknown"})`;
    return now.incarnation === was.incarnation
      ? undefined
      : `${member.name}: ${process} was started again by the platform`;
  },
  heal: (target, member) => target.start(member),
  healed: allRun,
};
