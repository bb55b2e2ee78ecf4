import {until} from "../../lib/limit.ts";
import {type Asking, holdersOf} from "../../lib/roles.ts";
import {frontEndsBefore} from "../front-ends.ts";
import {findRole} from "./find.ts";

/** How long a move may take until it shows. */
const limitMs = 10_000;

/** Sends the new sessions of a component's single-writer front ends to that member. */
export async function moveWrites(asking: Asking, component: string, member: string): Promise<void> {
  for (const before of frontEndsBefore(asking.topology, component)) {
    const {holders} = await holdersOf(asking, before);
    for (const holder of holders) await asking.ask(holder.member, before.is.moveWriter(before.frontEnd, member));
  }
}

/** Before the load: brings the writes of every component to the member that the scenario names. Gives what was moved,
 *  for people. Throws a LimitError where they do not come there. */
export async function beginWith(asking: Asking, writers: Record<string, string>): Promise<string[]> {
  const moved = await Promise.all(
    Object.entries(writers).map(async ([component, member]) => {
      const now = await findRole(asking, component, "writer");
      if (now.name === member) return [];
      await moveWrites(asking, component, member);
      await until(`The writes of ${component} at ${member}`, {limitMs, everyMs: 200}, async () => {
        const {name} = await findRole(asking, component, "writer");
        return name === member ? {done: true} : {seen: `${name} takes them`};
      });
      return [`The writes of ${component} move from ${now.name} to ${member}.`];
    }),
  );
  return moved.flat();
}
