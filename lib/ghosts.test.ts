import test from "ava";
import {dropGhosts, type NetworkEngine, whyKept} from "./ghosts.ts";

const notFound = Object.assign(new Error("no such container"), {statusCode: 404});

/** An engine with these containers and these endpoints on the network. */
function engine(containers: string[], endpoints: Record<string, string>, fails?: Error) {
  const forced: string[] = [];
  const made: NetworkEngine = {
    getNetwork: () => ({
      inspect: async () => ({
        Name: "net",
        Containers: Object.fromEntries(Object.entries(endpoints).map(([key, Name]) => [key, {Name}])),
      }),
      disconnect: async ({Container, Force}) => {
        if (fails) throw fails;
        t0(Force);
        forced.push(Container);
      },
    }),
    getContainer: id => ({
      inspect: async () => {
        if (!containers.includes(id)) throw notFound;
      },
    }),
  };
  return {made, forced};
}
const t0 = (force: boolean) => {
  if (!force) throw new Error("without force docker looks for the container");
};

test("endpoints of containers that are gone are disconnected by force, by their name", async t => {
  const {made, forced} = engine(["c1", "alive"], {"ep-1": "dead", c1: "alive", c9: "removed"});
  t.deepEqual(await dropGhosts(made, "n"), {ghosts: ["dead", "removed"], users: ["alive"]});
  t.deepEqual(forced, ["dead", "removed"]);
});

test("an endpoint whose container is just being started is no ghost", async t => {
  const {made, forced} = engine(["starting"], {"ep-1": "starting"});
  t.deepEqual(await dropGhosts(made, "n"), {ghosts: [], users: ["starting"]});
  t.deepEqual(forced, []);
});

test("the name of a ghost that a container has again would hit the container: it is not touched", async t => {
  const {made, forced} = engine(["new", "again"], {c9: "again"});
  t.deepEqual((await dropGhosts(made, "n")).users, ["again"]);
  t.deepEqual(forced, []);
});

test("a ghost that went meanwhile is no trouble; an engine that does not answer is", async t => {
  const gone = engine([], {"ep-1": "dead"}, notFound);
  t.deepEqual((await dropGhosts(gone.made, "n")).ghosts, ["dead"]);
  await t.throwsAsync(dropGhosts(engine([], {"ep-1": "dead"}, new Error("no engine")).made, "n"), {
    message: "no engine",
  });
});

test("what keeps a network is said with the command that helps", t => {
  t.is(
    whyKept("net", "", ["a", "b"]),
    "the network net is still in use by a, b; remove or disconnect them first: docker network disconnect --force net a && docker network disconnect --force net b",
  );
  t.regex(whyKept("net", "network net has active endpoints", []), /lists nobody on it.*systemctl restart docker/);
  t.is(whyKept("net", "no space", []), "removing the network net: no space");
});
