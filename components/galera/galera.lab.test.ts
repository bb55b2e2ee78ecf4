import {setTimeout as sleep} from "node:timers/promises";
import test from "ava";
import {recipeOf} from "../../platforms/docker/images.ts";
import {Loopback, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {docker, ProcessRunner} from "../../test/processes.ts";

mockPulumi();
const {GaleraCluster} = await import("./galera.ts");

const prefix = `galera-test-${process.pid}`;
const platform = new Loopback();
const cluster = new GaleraCluster("galera", {
  platform,
  members: 2,
  arbitrator: true,
  databases: [{name: "app", user: "app"}],
});
const first = platform.members["galera-0"]!;
const processes = new ProcessRunner(prefix);
const start = processes.start.bind(processes);

const network = `container:${prefix}-net`;
const job = () => start("bootstrap", platform.jobs["galera-bootstrap"]!, "none");
const health = (name: string) => docker("exec", `${prefix}-${name}`, "galera-health");

async function healthy(name: string): Promise<boolean> {
  for (let i = 0; i < 120; i++) {
    if ((await health(name)).code === 0) return true;
    await sleep(500);
  }
  return false;
}

test.before(async () => {
  await resolved(cluster.topology);
  // A holder, as on the platform: whoever of the member is started anew finds the others' network.
  const sleeper = {image: "base", command: ["sleep", "infinity"], user: "65534", memory: 16};
  await start("net", sleeper, "none", ["-d", "--init"]);
});
test.after.always(() => processes.remove());

test.serial("mariadbd takes its configuration", async t => {
  const {code, text} = await start(
    "help",
    first,
    "none",
    ["--rm"],
    ["mariadbd", "--defaults-file=/holdfast/galera.cnf", "--verbose", "--help"],
  );
  t.is(code, 0, text.slice(-2000));
  t.regex(text, /^bind-address +127\.0\.0\.1$/m);
  t.regex(text, /^innodb-flush-log-at-trx-commit +1$/m);
  t.regex(text, /^wsrep-cluster-address +gcomm:\/\/127\.0\.0\.1,127\.0\.0\.2$/m);
  t.notRegex(text, /unknown variable|unknown option/);
});

test.serial("the bootstrap job can be repeated until a member took its result", async t => {
  const done = await job();
  t.is(done.code, 0, done.text);
  const again = await job();
  t.is(again.code, 0, again.text);
  t.regex(again.text, /done before/);
});

test.serial("the first start makes the cluster, and health takes the token away", async t => {
  const watcher = first.companions!.find(c => c.name === "watcher")!;
  await start("watcher", watcher, network, ["-d", "--init"]);
  const {code, text} = await start("member", first, network, ["-d", "--init"]);
  t.is(code, 0, text);
  t.true(await healthy("member"), (await docker("logs", `${prefix}-member`)).text.slice(-3000));
  t.is((await docker("exec", `${prefix}-member`, "ls", "/var/lib/mysql")).text, "data\nhome\ntmp\nturn\n");
  const refused = await job();
  t.is(refused.code, 1);
  t.regex(refused.text, /the volume of the first member holds data/);
});

test.serial("no account without password reaches it over the network", async t => {
  const ask = (user: string) =>
    docker("exec", `${prefix}-member`, "mariadb", "--no-defaults", "-h", "127.0.0.1", "-u", user, "-e", "select 1");
  for (const user of ["root", "mysql", "app", "answerer", "watcher", "nobody"]) t.not((await ask(user)).code, 0, user);
});

test.serial("the arbitrator joins and is healthy", async t => {
  const {code, text} = await start("arbitrator", platform.members["galera-arbitrator"]!, network, ["-d", "--init"]);
  t.is(code, 0, text);
  t.true(await healthy("arbitrator"), (await docker("logs", `${prefix}-arbitrator`)).text.slice(-3000));
  t.regex((await docker("exec", `${prefix}-member`, "galera-state")).text, /^wsrep_cluster_size\t2$/m);
  await docker("rm", "-f", `${prefix}-arbitrator`);
});

test.serial("killed and started again, it starts the cluster: nobody else has data of its last component", async t => {
  await docker("kill", `${prefix}-member`);
  await docker("start", `${prefix}-member`);
  t.true(await healthy("member"), (await docker("logs", `${prefix}-member`)).text.slice(-3000));
  const {text} = await docker("logs", `${prefix}-member`);
  t.regex(text, /holdfast: recovered position [0-9a-f-]{36}:\d+/);
  t.regex(text, /^holdfast: start$/m);
  t.is(text.match(/starting a new cluster/g)?.length, 1);
});

test.serial("with an empty volume it waits, says so, and never makes a second cluster", async t => {
  await docker("kill", `${prefix}-member`);
  const volume = `${prefix}-galera-0-data:/v`;
  await docker("run", "--rm", "-v", volume, recipeOf("galera").tag, "find", "/v", "-mindepth", "1", "-delete");
  await docker("start", `${prefix}-member`);
  const waiting = async () => (await docker("exec", `${prefix}-member`, "galera-state")).text;
  const end = Date.now() + 30_000;
  while (!(await waiting()).includes("has no data") && Date.now() < end) await sleep(250);
  // It had time to form a cluster by itself, and did not.
  await sleep(5000);
  t.regex(await waiting(), /^waiting\twait has no data and waits for the others/m);
  t.not((await health("member")).code, 0);
});
