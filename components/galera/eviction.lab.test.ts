import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {Loopback, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {docker, ProcessRunner} from "../../test/processes.ts";

mockPulumi();
const {GaleraCluster} = await import("./galera.ts");

/** Three members with their watchers on loopback addresses of one network namespace. Galera's own timings are long, so
 *  that what is over soon is the watchers' work. */
const prefix = `eviction-test-${process.pid}`;
const platform = new Loopback();
const detection = {keepaliveMs: 1000, inactiveCheckMs: 500, suspectMs: 5000, inactiveMs: 15_000, installMs: 7500};
const cluster = new GaleraCluster("galera", {platform, detection, databases: [{name: "app", user: "app"}]});
const processes = new ProcessRunner(prefix);
const names = ["galera-0", "galera-1", "galera-2"];
const container = (name: string) => `${prefix}-${name}`;
const both = (name: string) => [container(name), container(`${name}-watcher`)];

async function until(what: string, limitMs: number, holds: () => Promise<boolean>): Promise<number> {
  const begin = performance.now();
  while (performance.now() - begin < limitMs) {
    if (await holds()) return performance.now() - begin;
    await sleep(50);
  }
  const logs = await Promise.all(names.map(name => docker("logs", "--tail", "20", container(`${name}-watcher`))));
  throw new Error(`${what}: not within ${limitMs} ms.\n${logs.map(l => l.text).join("\n")}`);
}

const state = async (name: string) =>
  new Map(
    (await docker("exec", container(name), "galera-state")).text
      .split("\n")
      .map(line => line.split("\t") as [string, string]),
  );
const healthy = async (name: string) => (await docker("exec", container(name), "galera-health")).code === 0;
const evictions = async () =>
  Promise.all(names.slice(0, 2).map(async name => Number((await state(name)).get("evictions"))));
const sql = async (name: string, statement: string) =>
  (
    await docker(
      "exec",
      "-u",
      "0",
      container(name),
      "mariadb",
      "--no-defaults",
      "-S",
      "/run/mysqld/mysqld.sock",
      "-NBe",
      statement,
    )
  ).text;
const list = (name: string) => sql(name, "SHOW STATUS LIKE 'wsrep_evs_evict_list'");
const calm = async (name: string) =>
  (await docker("logs", "--tail", "1", container(`${name}-watcher`))).text.includes('"why":"all is well"');
const allWell = () =>
  until("all is well", 60_000, async () => (await Promise.all(names.map(n => calm(n)))).every(Boolean));

test.before(async t => {
  t.timeout(240_000);
  await resolved(cluster.topology);
  const sleeper = {image: "base", command: ["sleep", "infinity"], user: "65534", memory: 16};
  await processes.start("net", sleeper, "none", ["-d", "--init"]);
  t.is((await processes.start("bootstrap", platform.jobs["galera-bootstrap"]!, "none")).code, 0);
  const network = `container:${container("net")}`;
  for (const name of names) {
    const spec = platform.members[name]!;
    const watcher = spec.companions!.find(c => c.name === "watcher")!;
    const options = ["-d", "--init", "--restart", "unless-stopped"];
    for (const [process, what] of [
      [name, spec],
      [`${name}-watcher`, watcher],
    ] as const) {
      const {code, text} = await processes.start(process, what, network, options);
      t.is(code, 0, text);
    }
    await until(`${name} healthy`, 60_000, () => healthy(name));
  }
  await allWell();
});
test.after.always(() => processes.remove());

test.serial(
  "killed with its watcher: evicted long before it would be suspected, back, and the list is empty",
  async t => {
    t.timeout(180_000);
    const before = await evictions();
    t.is((await docker("kill", ...both("galera-2"))).code, 0);
    await until("two left", 3000, async () => (await state("galera-0")).get("wsrep_cluster_size") === "2");
    t.deepEqual(
      await evictions(),
      before.map(n => n + 1),
    );
    t.is((await docker("start", ...both("galera-2"))).code, 0);
    await until("galera-2 healthy", 60_000, () => healthy("galera-2"));
    await allWell();
    for (const name of names.slice(0, 2)) t.is(await list(name), "wsrep_evs_evict_list\t\n");
  },
);

test.serial("the daemon alone dies and is started again: the member is back, and the list is empty", async t => {
  t.timeout(180_000);
  const since = new Date().toISOString();
  await docker("exec", container("galera-2"), "pkill", "-KILL", "-x", "mariadbd");
  await until(
    "galera-2 healthy",
    60_000,
    async () => (await healthy("galera-2")) && (await state("galera-0")).get("wsrep_cluster_size") === "3",
  );
  await allWell();
  for (const name of names.slice(0, 2)) {
    await until("empty list", 10_000, async () => (await list(name)) === "wsrep_evs_evict_list\t\n");
    // While it comes back and its old id is still listed, nobody writes until that id is suspected.
    const said = (await docker("logs", "--since", since, container(name))).text.split("\n");
    const order = said.flatMap(line => /unevicting|connection established/.exec(line) ?? []);
    t.deepEqual(order.slice(0, 2), ["unevicting", "connection established"], said.join("\n"));
  }
});

test.serial("frozen: dropped by Galera's own timings, and nobody evicts", async t => {
  t.timeout(180_000);
  const before = await evictions();
  t.is((await docker("pause", ...both("galera-2"))).code, 0);
  const took = await until("two left", 20_000, async () => (await state("galera-0")).get("wsrep_cluster_size") === "2");
  t.true(took > 3000, `dropped after ${took} ms`);
  t.deepEqual(await evictions(), before);
  t.is((await docker("unpause", ...both("galera-2"))).code, 0);
  // Awake again, it takes itself for a member until it hears otherwise: the others know better.
  await until("three again", 60_000, async () => (await state("galera-0")).get("wsrep_cluster_size") === "3");
  await until("galera-2 healthy", 60_000, () => healthy("galera-2"));
  await allWell();
});

test.serial(
  "the procedure evicts from the view that it is told and no other, and a living member that was evicted starts again",
  async t => {
    t.timeout(180_000);
    const victim = (await sql("galera-2", "SHOW STATUS LIKE 'wsrep_gcomm_uuid'")).trim().split("\t")[1]!;
    const key = (
      await sql(
        "galera-0",
        "SELECT CONCAT(cluster_conf_id, ':', (SELECT GROUP_CONCAT(uuid ORDER BY uuid) FROM information_schema.wsrep_membership)) FROM information_schema.wsrep_status",
      )
    ).trim();
    t.true(key.includes(victim), `${victim} is not in ${key}`);
    t.regex(await sql("galera-0", `CALL holdfast.evict('${victim}', '7:of,others')`), /ERROR 1210/);
    t.regex(await sql("galera-0", `CALL holdfast.evict('no-member', '${key}')`), /ERROR 1210/);
    t.is(await sql("galera-0", `CALL holdfast.evict('${victim}', '${key}')`), "");
    await until(
      "galera-2 out",
      20_000,
      async () => (await state("galera-2")).get("wsrep_cluster_status") !== "Primary",
    );
    // The platform asks for its health every few seconds; here the test does.
    await until("galera-2 healthy", 90_000, () => healthy("galera-2"));
    t.is((await state("galera-2")).get("wsrep_cluster_size"), "3");
  },
);
