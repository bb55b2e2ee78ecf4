import type {StackStatus} from "../../engine/status.ts";
import {withoutFigures} from "../../runner/sampler.ts";

/** Since when members are in their states, for who looks again and again. The platform knows only since when a process
 *  runs or is down; what changed between two looks is known from them. */
export class Since {
  readonly #last = new Map<string, {state: string; changed?: number}>();

  /** The status with what is known by now, `now` in Unix milliseconds. */
  look(found: StackStatus, now = Date.now()): StackStatus {
    const members = found.members.map(row => {
      const state = withoutFigures(row.state);
      const before = this.#last.get(row.member);
      const changed = before && before.state !== state ? now : before?.changed;
      this.#last.set(row.member, {state, ...(changed === undefined ? {} : {changed})});
      return changed === undefined ? row : {...row, since: Math.max(changed, row.since ?? 0)};
    });
    return {...found, members};
  }
}
