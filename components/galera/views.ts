import type {GroupView} from "../../lib/kind.ts";

/** Views in a member's log in their order. A process that begins is in no primary component, which counts as a view of
 *  its own. Lines without a time are left out. */
export function viewsOf(lines: readonly {at?: number; text: string}[]): GroupView[] {
  const views: GroupView[] = [];
  let view: (GroupView & {members: string[]}) | undefined;
  const end = () => {
    if (view) views.push({at: view.at, id: `${view.id} ${view.members.sort().join(" ")}`, primary: view.primary});
    view = undefined;
  };
  for (const {at, text} of lines) {
    if (at === undefined) continue;
    if (/ Starting MariaDB /.test(text)) views.push({at, id: "", primary: false});
    if (text.trim() === "View:") view = {at, id: "", primary: false, members: []};
    if (!view) continue;
    const [, key, value] = /^\s+([\w-]+)(?:\(\d+\))?:\s*(.*)$/.exec(text) ?? [];
    if (key === "id") view.id = value!;
    if (key === "status") view.primary = value!.trim() === "primary";
    if (key !== undefined && /^\d+$/.test(key)) view.members.push(value!.split(",")[0]!);
    if (text.startsWith("====")) end();
  }
  return views;
}
