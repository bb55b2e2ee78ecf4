import type {StackChanger} from "../runner/faults/fault.ts";
import {membersOf} from "../runner/members.ts";
import {outputsOf, type StandingStack} from "./ensure.ts";
import {asTyped} from "./open.ts";
import {operate} from "./operate.ts";
import {Progress} from "./progress.ts";
import {configFileWith} from "./settings.ts";

/** Changes the stack in the middle of a run, as `up` would. Errors: the update failed. */
export function changerOf({open, settings, topology}: StandingStack): StackChanger {
  let before = namesOf(topology);
  return {
    async change(more, cut) {
      const configFile = configFileWith(open.reference, {...settings, ...more});
      const progress = new Progress({quiet: true});
      const update = (signal: AbortSignal) => open.stack.up({onEvent: progress.onEvent, signal, configFile});
      await operate(`up ${asTyped(open.reference)}`, progress, update, cut);
      const now = namesOf((await outputsOf(open))!.topology);
      const changed = {added: now.filter(n => !before.includes(n)), removed: before.filter(n => !now.includes(n))};
      before = now;
      return changed;
    },
  };
}

const namesOf = (topology: StandingStack["topology"]): string[] => membersOf(topology).map(({member}) => member.name);
