import type {ResourceType} from "../base/resource.ts";
import {engine, find} from "../docker/client.ts";
import {run} from "../docker/exec.ts";

/** Whom to ask for health, and how. */
interface Question {
  member: string;
  container: string;
  command: string[];
}

const defaultTimeout = 10_000;

/** Set to `off`, gates let everything pass: for an emergency in which a member must change although others are down. */
const override = "HOLDFAST_GATE";

/** Stands before a member in an update: when the member is about to change, every other one must be healthy, or the
 *  update stops here, before anything is taken away. Creation and removal ask nobody, and neither does the change of a
 *  member whose own container is gone: nothing is taken away by making it again. */
export const gate: ResourceType = {
  token: "holdfast:docker:Gate",
  summary: "Stops an update when a member that must carry the load meanwhile is not healthy.",
  inputs: {
    subject: {shape: "string", required: true},
    fingerprint: {shape: "string", required: true},
    container: {shape: "string"},
    ask: {
      shape: {
        list: {
          object: {
            member: {shape: "string", required: true},
            container: {shape: "string", required: true},
            command: {shape: {list: "string"}, required: true},
          },
        },
      },
    },
    timeoutMs: {shape: "integer", default: defaultTimeout},
  },
  outputs: {},

  async create(context) {
    return {id: context.name, outputs: {}};
  },

  async read(_context, id, inputs) {
    return inputs && {id, inputs, outputs: {}};
  },

  async update(context, _id, old, news) {
    if (old.inputs.fingerprint === news.fingerprint || process.env[override] === "off") return {};
    if (news.container && !(await exists(String(news.container)))) return {};
    const questions = standing(old.inputs.ask, news.ask);
    const limit = Number(news.timeoutMs ?? defaultTimeout);
    const answers = await Promise.all(questions.map(question => ask(question, limit, context.signal)));
    const unhealthy = answers.filter(answer => answer !== undefined);
    if (!unhealthy.length) return {};
    const stack = context.urn.split(":")[2];
    throw new Error(
      [
        `${news.subject} is not changed, because ${unhealthy.length} of the ${questions.length} members that must carry on meanwhile ${unhealthy.length === 1 ? "is" : "are"} not healthy:`,
        ...unhealthy.map(answer => `  ${answer}`),
        `Nothing of ${news.subject} was touched. Heal first: ./holdfast heal ${stack} (or start the member with docker), then run the update again.`,
        `Where that cannot help (the cluster never came up as a whole), ${override}=off for one update takes the risk.`,
      ].join("\n"),
    );
  },

  async delete() {},
};

async function exists(container: string): Promise<boolean> {
  return (await find(`looking at ${container}`, () => engine().getContainer(container).inspect())) !== undefined;
}

/** The members that are to be asked and were there before: one that this very update adds cannot answer yet. */
function standing(before: unknown, now: unknown): Question[] {
  const known = new Set(((before ?? []) as Question[]).map(question => question.container));
  return ((now ?? []) as Question[]).filter(question => known.has(question.container));
}

/** What is wrong with the member; undefined when it is healthy. */
async function ask(
  {member, container, command}: Question,
  limitMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await run(container, command, {limitMs, signal});
    if (answer.code === 0) return undefined;
    const said = (answer.stdout + answer.stderr).trim().slice(-500);
    return `${member}: unhealthy, code ${answer.code}: ${said || "said nothing"}`;
  } catch (error) {
    return `${member}: ${error instanceof Error ? error.message : error}`;
  }
}
