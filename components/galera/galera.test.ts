import test from "ava";
import {FakePlatform, mockPulumi, resolved} from "../../test/fake-platform.ts";

const registered = mockPulumi();
const {GaleraCluster} = await import("./galera.ts");

function made(args: object = {}, zones?: string[]) {
  const platform = new FakePlatform(zones);
  const cluster = new GaleraCluster("galera", {platform, databases: [{name: "shop_data", user: "shop"}], ...args});
  return {platform, cluster};
}

test("three members: exactly these calls to the platform, in this order and waiting for each other", async t => {
  const {platform, cluster} = made();
  await resolved(cluster.topology);
  t.deepEqual(
    platform.calls.map(({kind, name, after, parent}) => ({kind, name, after, parent})),
    [
      {kind: "secret", name: "galera-shop-password", after: []},
      {kind: "secret", name: "galera-answerer-password", after: []},
      {kind: "secret", name: "galera-watcher-password", after: []},
      {kind: "secret", name: "galera-watcher-key", after: []},
      {kind: "guard", name: "galera-guard", after: []},
      {kind: "volume", name: "galera-0-data", after: []},
      {kind: "volume", name: "galera-1-data", after: []},
      {kind: "volume", name: "galera-2-data", after: []},
      {kind: "once", name: "galera-bootstrap", after: ["galera-0-data"]},
      {kind: "member", name: "galera-0", after: ["galera-guard", "galera-bootstrap", "galera-0-data"]},
      {kind: "member", name: "galera-1", after: ["galera-guard", "galera-0", "galera-1-data"]},
      {kind: "member", name: "galera-2", after: ["galera-guard", "galera-1", "galera-2-data"]},
    ].map(call => ({...call, parent: "galera"})),
  );
});

test("registers the component and nothing of its own but what the platform makes", async t => {
  const platform = new FakePlatform();
  const cluster = new GaleraCluster("alone", {platform});
  // The last member waits for everything before it.
  await resolved(cluster.members.at(-1)!.resources[0]!.urn);
  const mine = registered.filter(r => r.name.startsWith("alone"));
  t.deepEqual(mine.map(r => r.name).sort(), ["alone", ...platform.calls.map(c => c.name)].sort());
  t.deepEqual(
    mine.filter(r => !r.type.startsWith("fake:")),
    [{type: "holdfast:index:GaleraCluster", name: "alone"}],
  );
});

test("a member: group 0 files, fixed address on the back network alone, peers, zone", async t => {
  const {platform} = made();
  const member = platform.members["galera-1"]!;
  t.is(member.zone, "b");
  t.deepEqual(member.addresses, {back: "198.18.1.17"});
  t.deepEqual(member.peers, ["galera-0", "galera-2"]);
  t.is(member.user, "mysql");
  t.is(member.capabilities, undefined);
  t.deepEqual(member.env, {
    HOLDFAST_PEERS: "198.18.1.16 198.18.1.18",
    HOLDFAST_SST: "mariabackup",
    HOLDFAST_ADDRESS: "198.18.1.17",
    HOLDFAST_DOOR: "127.0.0.1/9203",
    HOLDFAST_WATCHER: "198.18.1.17/9202",
    HOLDFAST_STAY_OUT_S: "1.5",
  });
  t.deepEqual(member.command, ["galera-member"]);
  const config = await platform.file(member, "galera.cnf");
  t.regex(config, /^wsrep_cluster_address = gcomm:\/\/198\.18\.1\.16,198\.18\.1\.17,198\.18\.1\.18$/m);
  t.regex(config, /^bind_address = 198\.18\.1\.17$/m);
  t.regex(config, /evs\.version=1;.*evs\.suspect_timeout=PT1S;/);
  t.notRegex(config, /value-of/);
});

test("passwords are in files, never in commands or environments", async t => {
  const {platform} = made();
  const member = platform.members["galera-0"]!;
  const {command, env} = member;
  t.notRegex(JSON.stringify([command, env, member.companions?.map(c => [c.command, c.env])]), /value-of/);
  t.is(await platform.file(member.companions![0], "password"), "value-of-galera-answerer-password");
  t.is(await platform.file(member.companions![1], "password"), "value-of-galera-watcher-password");
  t.is(await platform.file(member.companions![1], "key"), "value-of-galera-watcher-key");
  const sql = await platform.file(platform.jobs["galera-bootstrap"], "accounts.sql");
  t.regex(sql, /CREATE USER 'shop'@'%' IDENTIFIED BY 'value-of-galera-shop-password';/);
  t.regex(sql, /GRANT ALL PRIVILEGES ON `shop\\_data`\.\* TO 'shop'@'%';/);
});

test("a watcher beside each vote: told of all others and which of them hold data", async t => {
  const {platform} = made({members: 2, arbitrator: true});
  const arbitrator = platform.members["galera-arbitrator"]!;
  t.deepEqual(
    [platform.members["galera-0"]!, arbitrator].map(m => m.companions?.map(c => [c.name, c.user, c.capabilities])),
    [
      [
        ["answerer", "65534", undefined],
        ["watcher", "65534", undefined],
      ],
      [["watcher", "65534", undefined]],
    ],
  );
  t.like(JSON.parse(await platform.file(arbitrator.companions![0], "watcher.json")), {
    name: "galera-arbitrator",
    address: "198.18.1.31",
    holdsData: false,
    peers: [0, 1, 2, 3, 4].map(i => ({name: `galera-${i}`, address: `198.18.1.${16 + i}`, holdsData: true})),
    ports: {watcher: 9201, agent: 9202, admin: 3307, group: 4567},
  });
  t.like(JSON.parse(await platform.file(platform.members["galera-0"]!.companions![1], "watcher.json")), {
    holdsData: true,
    peers: [
      ...[1, 2, 3, 4].map(i => ({name: `galera-${i}`, holdsData: true})),
      {name: "galera-arbitrator", holdsData: false},
    ],
  });
});

test("the watcher's account runs three procedures and may do nothing else", async t => {
  const {platform} = made();
  const sql = await platform.file(platform.jobs["galera-bootstrap"], "accounts.sql");
  t.deepEqual(
    sql.split("\n").filter(line => line.startsWith("GRANT") && line.includes("'watcher'")),
    ["GRANT EXECUTE ON holdfast.* TO 'watcher'@'%';"],
  );
  t.deepEqual(
    [...sql.matchAll(/PROCEDURE holdfast\.(\w+)/g)].map(m => m[1]),
    ["look", "clear", "evict"],
  );
  t.regex(await platform.file(platform.members["galera-0"]!, "galera.cnf"), /^plugin_load_add = wsrep_info$/m);
});

test("without eviction: watchers that evict nobody, no agent, and nobody stays out", async t => {
  const {platform, cluster} = made({eviction: false});
  await resolved(cluster.topology);
  const member = platform.members["galera-0"]!;
  t.deepEqual(
    member.companions?.map(c => c.name),
    ["answerer", "watcher"],
  );
  t.like(JSON.parse(await platform.file(member.companions![1], "watcher.json")), {evicts: false});
  t.false("HOLDFAST_STAY_OUT_S" in member.env!);
  t.false(JSON.stringify(cluster.sqlFrontEnd()).includes("agent"));
});

test("the door of a member's own processes is on the loopback alone", async t => {
  const {platform, cluster} = made();
  await resolved(cluster.topology);
  const settings = JSON.parse(await platform.file(platform.members["galera-1"]!.companions![1], "watcher.json"));
  t.deepEqual(settings.door, {host: "127.0.0.1", port: 9203});
});

test("the bootstrap job has member 0's volume and asks all others", t => {
  const {platform} = made();
  const job = platform.jobs["galera-bootstrap"]!;
  t.deepEqual(
    job.volumes?.map(v => v.volume.name),
    ["galera-0-data"],
  );
  t.deepEqual(
    job.lostWith?.map(volume => volume.name),
    ["galera-0-data", "galera-1-data", "galera-2-data"],
    "one member's data is enough to join, so the job is run again only when all of it is gone",
  );
  t.deepEqual(job.env, {HOLDFAST_PEERS: "198.18.1.17 198.18.1.18"});
  t.deepEqual(job.networks, ["back"]);
});

test("two members and an arbitrator: three votes in three zones", async t => {
  const {platform, cluster} = made({members: 2, arbitrator: true});
  await resolved(cluster.topology);
  const arbitrator = platform.members["galera-arbitrator"]!;
  t.is(arbitrator.zone, "c");
  t.is(arbitrator.volumes, undefined);
  t.deepEqual(arbitrator.addresses, {back: "198.18.1.31"});
  t.deepEqual(platform.members["galera-0"]!.peers, ["galera-1", "galera-arbitrator"]);
  t.deepEqual(platform.guards["galera-guard"]!.members, ["galera-0", "galera-1", "galera-arbitrator"]);
  t.regex(
    await platform.file(arbitrator, "garbd.cnf"),
    /^address = gcomm:\/\/198\.18\.1\.16:4567,198\.18\.1\.17:4567$/m,
  );
  t.deepEqual(platform.calls.at(-1), {
    kind: "member",
    name: "galera-arbitrator",
    after: ["galera-guard", "galera-1"],
    parent: "galera",
  });
});

test("growing the cluster moves no address", t => {
  const three = made().platform.members;
  const five = made({members: 5}).platform.members;
  for (const name of Object.keys(three)) t.deepEqual(five[name]!.addresses, three[name]!.addresses);
});

test("topology: settings that bounds are computed from, members with handles", async t => {
  const {cluster} = made();
  const topology = await resolved(cluster.topology);
  t.is(topology.kind, "galera");
  t.like(topology.settings, {suspectMs: 1000, inactiveMs: 3000, installMs: 3000, members: 3, flushLogAtTrxCommit: 1});
  t.deepEqual(
    topology.members.map(m => [m.name, m.zone]),
    [
      ["galera-0", "a"],
      ["galera-1", "b"],
      ["galera-2", "c"],
    ],
  );
  t.deepEqual(Object.keys(cluster.secrets), ["galera-shop-password"]);
});

test("the SQL front end names servers, check and the secret of its user", t => {
  const {cluster} = made();
  t.deepEqual(cluster.sqlFrontEnd({mode: "balanced", port: 3310}), {
    name: "sql",
    port: 3310,
    mode: "balanced",
    // All that there may be.
    servers: [0, 1, 2, 3, 4].map(i => ({
      name: `galera-${i}`,
      address: `198.18.1.${16 + i}`,
      port: 3306,
      // The neighbour speaks for it.
      agent: {address: `198.18.1.${16 + ((i + 1) % 3)}`, port: 9202},
    })),
    check: {kind: "http", port: 9200, path: "/writable"},
    endpoint: {
      of: "galera",
      protocol: "mysql",
      database: "shop_data",
      user: "shop",
      passwordSecret: "galera-shop-password",
    },
  });
  t.throws(() => cluster.sqlFrontEnd({database: "gone", port: 0}), {
    message: /`port` is 0.*`database` is "gone"\. The cluster has shop_data/s,
  });
});

test("a change of size touches nobody who stands", async t => {
  const [small, large] = [made(), made({members: 5})];
  for (const name of ["galera-0", "galera-1", "galera-2"]) {
    const [before, after] = [small.platform.members[name]!, large.platform.members[name]!];
    for (const [i, process] of [before, ...before.companions!].entries()) {
      const other = [after, ...after.companions!][i]!;
      for (const {name: file} of process.files ?? [])
        t.is(await large.platform.file(other, file), await small.platform.file(process, file), file);
      t.deepEqual([other.env, other.command, other.memory], [process.env, process.command, process.memory]);
    }
  }
  t.deepEqual(large.cluster.sqlFrontEnd(), small.cluster.sqlFrontEnd());
});

test("every problem is reported at once, by name", t => {
  const error = t.throws(() => made({members: 4, flushLogAtTrxCommit: 3, databases: [{name: "Shop", user: "root"}]}));
  t.is(error.name, "ResourceError");
  t.is(error.message.split("\n").length, 4);
  t.regex(error.message, /GaleraCluster "galera": `members` is 4, an even size.*Write 5, or `arbitrator: true`/);
});
