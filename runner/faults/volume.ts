import {kindOf} from "../../components/kinds.ts";
import type {Look} from "../../lib/limit.ts";
import {findComponent, findMember} from "../../lib/topology.ts";
import {duration, oneOf} from "../scenario/values.ts";
import type {Target} from "../targets/target.ts";
import {type VolumeContent, type VolumeLook, volumeContents} from "../targets/volume-scripts.ts";
import {allRun, type Fault, type Hit, type Victim} from "./fault.ts";
import {kill} from "./kill.ts";
import {stop} from "./stop.ts";

/** Longest time to replace what lies in a volume, in milliseconds. */
const replaceMs = 60_000;

const contentOf = ({params}: Pick<Hit, "params">) => params.content as VolumeContent;
const way = ({params}: Pick<Hit, "params">) => (params.by === "stop" ? stop : kill);

/** A member that comes back with other data than it went with. */
export const volume: Fault = {
  kind: "volume",
  does: "The member goes down, what lies in its data volume is replaced, and it starts with that: empty, as it was before the load, or of another cluster.",
  keys: {
    content: oneOf(volumeContents).describe(
      "`empty`: nothing. `old`: as it was before the load. `foreign`: another cluster's; healing puts back what was there.",
    ),
    by: oneOf(["kill", "stop"]).default("kill").describe("How the member goes down. Default kill."),
    starts: duration
      .optional()
      .describe(
        "With `foreign`: how long after it went down it starts with that. Default at once. The others start when they are healed.",
      ),
  },
  passing: false,
  burdensMachine: true,
  detail: params => `(${contentOf({params})})`,
  injectMs: () => replaceMs,
  check(params, where) {
    const one = "component" in where && ("member" in where || ("pick" in where && contentOf({params}) === "empty"));
    const who =
      contentOf({params}) === "empty" ? "`member` or `pick`" : "`member`: its content is made before the load";
    return [
      ...(one
        ? []
        : [
            {
              key: "content",
              message: `is ${JSON.stringify(params.content)}. That takes one member, by \`component\` with ${who}.`,
            },
          ]),
      ...(params.starts !== undefined && contentOf({params}) !== "foreign"
        ? [{key: "starts", message: "goes with `content: foreign` alone: the others start when they are healed."}]
        : []),
    ];
  },
  fits(topology, params, where) {
    const component = "component" in where ? findComponent(topology, where.component) : undefined;
    if (!component || contentOf({params}) !== "foreign" || kindOf(component.kind).durable) return [];
    return [
      {
        key: "content",
        message: `is "foreign". It takes a component with a cluster of its own; ${component.name} is ${component.kind}.`,
      },
    ];
  },
  async able(target, members) {
    for (const member of members) if (!(await target.volumes.has(member))) return `${member.name} has no data volume.`;
    return undefined;
  },
  async prepare(target, members, params, topology) {
    for (const member of members) {
      const kind = findMember(topology, member.name)?.component.kind;
      await target.volumes.prepare(member, contentOf({params}), kind === undefined ? undefined : kindOf(kind).durable);
    }
  },
  aim: async (target, victim) => way(victim).aim?.(target, victim),
  hold: async (target, victim) => way(victim).hold?.(target, victim),
  async inject(target, victim) {
    const {member, params} = victim;
    const began = performance.now();
    await way(victim).inject(target, victim);
    await target.volumes.replace(member, contentOf(victim));
    if (contentOf(victim) !== "foreign") return;
    const wait = Math.max(0, ((params.starts as number | undefined) ?? 0) - (performance.now() - began));
    // Not waited for: healing may come first.
    starts.set(victim, {timer: setTimeout(() => void start(target, victim), wait), begun: false});
  },
  async evidence(target, victim): Promise<Look<string>> {
    const {member} = victim;
    const looks = await target.look(member);
    const look = await target.volumes.look(member);
    if (!look.aside) return {seen: "its volume is its own"};
    if (!look.replaced) return {seen: "its volume is being replaced"};
    const what = `${words[contentOf(victim)]}; what was there (${look.aside.files} files) is kept aside`;
    const started = starts.get(victim);
    // What a member that has started made of it is its own affair.
    if (started?.begun) {
      if (looks[0]!.incarnation === victim.before[0]!.incarnation) return {seen: "it was not started"};
      return {done: `${member.name}: started with ${what}`};
    }
    const trouble = notAs(contentOf(victim), look);
    if (trouble) return {seen: trouble};
    if (looks.some(one => one.running)) return {seen: "its processes run as before"};
    return {done: `${member.name}: down, with ${what}`};
  },
  async heal(target, hit) {
    const started = starts.get(hit);
    clearTimeout(started?.timer);
    await started?.starting;
    starts.delete(hit);
    const foreign = contentOf(hit) === "foreign";
    if ((await target.volumes.look(hit.member)).aside) {
      await target.kill(hit.member);
      await target.volumes.restore(hit.member, foreign);
    }
    await target.unpause(hit.member);
    await target.start(hit.member);
  },
  async healed(target, hit) {
    const {aside} = await target.volumes.look(hit.member);
    return aside ? {seen: "what was in its volume is still aside"} : allRun(target, hit);
  },
};

const words: Record<VolumeContent, string> = {
  empty: "an empty volume",
  old: "its volume as it was before the load",
  foreign: "the volume of another cluster",
};

/** What of the volume is not as it should be while the member is down. */
function notAs(content: VolumeContent, {same, aside}: VolumeLook): string | undefined {
  if (!same.includes(content)) return `its volume is not ${words[content]}`;
  return aside?.same ? "what lies in its volume is what was there before" : undefined;
}

/** Starts that were put off, by what was hit. */
const starts = new WeakMap<Hit, {timer: NodeJS.Timeout; begun: boolean; starting?: Promise<void>}>();

async function start(target: Target, victim: Victim): Promise<void> {
  const own = starts.get(victim)!;
  own.begun = true;
  // Evidence says when it did not work.
  own.starting = target.start(victim.member).catch(() => {});
  await own.starting;
}
