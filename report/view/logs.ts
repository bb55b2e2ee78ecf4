import type {FaultResult, MemberLog, Result} from "../../lib/result.ts";
import * as words from "../words.ts";

/** What members said around one fault. */
export interface FaultLogs {
  asked: string;
  at: string;
  lines: string;
  processes: ProcessLogView[];
}

export interface ProcessLogView {
  title: string;
  /** The fault hit this member; else it is a neighbour. */
  hit: boolean;
  count: string;
  more: string;
  /** `at` counts from the injection of the fault. */
  lines: {at: string; text: string}[];
}

/** The logs by fault, those of the members that it hit first. Faults without any line are left out. */
export function logsOf({faults, logs = []}: Result): FaultLogs[] {
  return faults.flatMap((fault, i) => {
    const own = logs.filter(log => log.fault === i && log.lines.length > 0);
    if (own.length === 0) return [];
    return [
      {
        asked: fault.asked,
        at: fault.members.join(", "),
        lines: words.plural(
          own.reduce((sum, log) => sum + log.lines.length, 0),
          "line",
        ),
        processes: own.map(log => processOf(fault, log)),
      },
    ];
  });
}

function processOf(fault: FaultResult, {member, process, lines, more}: MemberLog): ProcessLogView {
  return {
    title: process === "main" ? member : `${member} ${process}`,
    hit: fault.members.includes(member),
    count: words.plural(lines.length, "line"),
    more: more ? `and ${words.plural(more, "line")} more, left out` : "",
    lines: lines.map(({at, text}) => ({at: at === undefined ? "" : words.signed(at - fault.injected, 2), text})),
  };
}
