import {setTimeout as sleep} from "node:timers/promises";
import test, {type ExecutionContext} from "ava";
import {Loopback, mockPulumi, resolved} from "../../test/fake-platform.ts";
import {docker, ProcessRunner} from "../../test/processes.ts";
import {RabbitMqCluster} from "./rabbitmq.ts";
import {queueLeader, state} from "./state.ts";

mockPulumi();

const prefix = `rabbitmq-test-${process.pid}`;
const member = `${prefix}-member`;
const platform = new Loopback();
const cluster = new RabbitMqCluster("rabbitmq", {platform, members: 1, replication: "mirrored", copies: "all"});
const spec = platform.members["rabbitmq-0"]!;
const first = platform.jobs["rabbitmq-first"]!;
const processes = new ProcessRunner(prefix);

const ask = async () => state.parse(await docker("exec", member, ...state.command));
const erlang = (expression: string) =>
  docker("exec", member, "bash", "-c", `echo '${expression}' | erl_call -address 127.0.0.1:25672 -e`);

async function healthy(): Promise<string> {
  let last = "";
  for (let i = 0; i < 240; i++) {
    const answer = await ask();
    if (answer.healthy) return "";
    last = answer.state;
    await sleep(500);
  }
  return `not healthy within 2 min; last: ${last}\n${(await docker("logs", "--tail", "30", member)).stdout.slice(-2000)}`;
}

test.before(() => resolved(cluster.topology));
test.after.always(() => processes.remove());

test.serial("the first bootstrap leaves its token once", async t => {
  const done = await processes.start("first", first, "none", ["--init", "--rm"]);
  t.is(done.code, 0, done.stderr);
  t.regex(done.stdout, /token of the first bootstrap is written/);
  const again = await processes.start("first", first, "none", ["--init", "--rm"]);
  t.regex(again.stdout, /the volume has data: no token/);
});

test.serial("the broker takes its configuration and becomes healthy", async t => {
  const hosts = ["--add-host", `${spec.hostname}:127.0.0.1`, "--hostname", spec.hostname!];
  const started = await processes.start("member", spec, "none", [
    ...["-d", "--init", "--restart", "unless-stopped", ...hosts],
  ]);
  t.is(started.code, 0, started.stderr);
  t.is(await healthy(), "");
  t.like((await ask()).detail, {known: 1, up: 1, partitions: 0});
  t.regex((await erlang("net_kernel:get_net_ticktime().")).stdout, /ok, 5/);
});

test.serial("users and the policy come from the definitions", async t => {
  const login = (password: string) =>
    erlang(`element(1, rabbit_access_control:check_user_pass_login(<<"app">>, <<"${password}">>)).`);
  t.regex((await login("value-of-rabbitmq-app")).stdout, /ok, ok/);
  t.regex((await login("wrong")).stdout, /refused/);
  t.regex((await login("")).stdout, /refused/);
  t.regex((await erlang("length(rabbit_auth_backend_internal:list_users()).")).stdout, /ok, 1/);
  t.regex((await erlang("length(rabbit_policy:list()).")).stdout, /ok, 1/);
});

/** Who may load its tables. Rows: who is here, each with whom it sees, whom it saw go and who ran when it last did. */
test.serial("after all were lost, of a majority the one that was there last loads its tables", async t => {
  const first = async (answers: string) =>
    (await erlang(`holdfast_keeper:first_to_load([a,b,c],[${answers}]).`)).stdout;
  const one = (name: string, gone: string, ran: string, seen = "[a,b]") =>
    `{${name},{waits,${seen},[${gone}],[${ran}]}}`;
  const row = async (who: string, ...answers: string[]) => t.is(await first(answers.join(",")), `{ok, ${who}}`);
  // All died at once.
  await row("a", one("a", "", "a,b,c"), one("b", "", "a,b,c"));
  // b was there when a had gone.
  await row("b", one("a", "", "a,b,c"), one("b", "", "b,c"));
  await row("b", one("a", "", "a,b,c"), one("b", "a", "a,b,c"));
  // Each says that it was last: nobody can tell.
  await row("none", one("a", "", "a,c"), one("b", "", "b,c"));
  await row("none", one("a", "b", "a,b,c"), one("b", "a", "a,b,c"));
  // No majority; another view; one that does not wait; all here, which Mnesia sees by itself.
  await row("none", one("a", "", "a", "[a]"));
  await row("none", one("a", "", "a,b,c"), one("b", "", "a,b,c", "[b,c]"));
  await row("none", one("a", "", "a,b,c"), "{b,no}");
  await row("none", ...["a", "b", "c"].map(name => one(name, "", "a,b,c", "[a,b,c]")));
});

test.serial("a queue has a leader, and the state counts it", async t => {
  const declare = `rabbit_amqqueue:declare(rabbit_misc:r(<<"/">>, queue, <<"orders">>), true, false, [], none, <<"app">>), ok.`;
  await erlang(declare);
  const question = queueLeader("orders", "/");
  t.is(question.parse(await docker("exec", member, ...question.command)), "rabbitmq-0");
  const none = queueLeader("none", "/");
  t.is(none.parse(await docker("exec", member, ...none.command)), undefined);
  t.deepEqual((await ask()).roles, ["leader:1"]);
});

test.serial("listeners are on its address alone, secrets neither in arguments nor in environment", async t => {
  const open = (await docker("exec", member, "cat", "/proc/net/tcp", "/proc/net/tcp6")).stdout;
  const listening = [...open.matchAll(/^ *\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F:]+ 0A /gm)];
  t.deepEqual([...new Set(listening.map(l => l[1]))], ["0100007F"]);
  t.deepEqual([...new Set(listening.map(l => Number.parseInt(l[2]!, 16)))].sort(), [25672, 4369, 5672]);
  const script = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'";
  t.false((await docker("exec", member, "bash", "-c", script)).stdout.includes("value-of-"));
  t.false((await docker("inspect", member)).stdout.includes("value-of-"));
});

test.serial("killed, it comes back with what it had", async t => {
  await docker("kill", member);
  await docker("start", member);
  t.is(await healthy(), "");
  t.is((await ask()).detail.queues, 1);
});

test.serial("it goes back to the net_ticktime of its configuration, and channels open all the time", async t => {
  // The second is what a channel does first; while a change is under way it fails.
  const both = "{net_kernel:get_net_ticktime(), rabbit_misc:get_channel_operation_timeout()}";
  const changed = await erlang(`net_kernel:set_net_ticktime(4, 0), timer:sleep(20), ${both}.`);
  t.regex(changed.stdout, /\{4, ?15000\}/);
  const seen: string[] = [];
  for (let i = 0; i < 60 && !/\{5, ?15000\}/.test(seen.at(-1) ?? ""); i++) {
    await sleep(100);
    seen.push((await erlang(`${both}.`)).stdout);
  }
  t.regex(seen.at(-1)!, /\{5, ?15000\}/);
  t.deepEqual(
    seen.filter(s => !/\{[45], ?15000\}/.test(s)),
    [],
  );
});

const restarts = async () => Number((await docker("inspect", "-f", "{{.RestartCount}}", member)).stdout);

/** Does what the keeper ends a broker for, and waits until its container has started it again. */
async function ended(t: ExecutionContext, expression: string, reason: RegExp): Promise<void> {
  const before = await restarts();
  await erlang(expression);
  for (let i = 0; i < 60 && (await restarts()) === before; i++) await sleep(500);
  t.is(await restarts(), before + 1);
  const logs = await docker("logs", member);
  t.regex(logs.stdout + logs.stderr, reason);
  t.is(await healthy(), "");
}

// Whoever keeps the applications answers nobody, as during a stop.
test.serial(
  "a broker that does not get to the end of its stop is ended, and started again",
  ended,
  "application:set_env(kernel, holdfast_stop_limit, 1000), sys:suspend(application_controller).",
  /this broker ends, to be started again: it has been stopping for/,
);

// The leader waits for the mirrors of one that never asks them, which is where RabbitMQ 3.10 stays when a question is
// lost.
test.serial(
  "a broker whose mirrored queue waits for a mirror for ever is ended, and started again",
  ended,
  `application:set_env(kernel, holdfast_sync_limit, 3000), [Queue] = rabbit_amqqueue:list(), Nobody = spawn(fun() -> receive never -> ok end end), No = fun(_) -> ok end, spawn(fun() -> sys:replace_state(amqqueue:get_pid(Queue), fun(_) -> rabbit_mirror_queue_sync:master_go(Nobody, make_ref(), fun(_, _) -> ok end, No, No, 1, 1, none, none) end) end), ok.`,
  /this broker ends, to be started again: a mirrored queue has been waiting for a mirror for/,
);

// It waits as it does in its start, and whoever it has to agree with says nothing.
test.serial(
  "a broker that waits for Erlang's global name server for ever is ended, and started again",
  ended,
  "application:set_env(kernel, holdfast_global_limit, 3000), rabbit:stop(), sys:suspend(global_name_server), spawn(fun() -> rabbit_node_monitor:global_sync() end), ok.",
  /this broker ends, to be started again: it has been waiting for Erlang's global name server for/,
);

test.serial("asked to stop, it ends in good order within its grace", async t => {
  const began = Date.now();
  await docker("stop", "--time", String(spec.stopGrace), member);
  t.true(Date.now() - began < spec.stopGrace! * 1000);
  t.is((await docker("inspect", "-f", "{{.State.ExitCode}}", member)).stdout.trim(), "0");
});

test.serial("a broker without data that finds nobody to join ends, makes no cluster, and begins anew", async t => {
  const joiner = `${prefix}-joiner`;
  const peer = "rabbitmq-1.internal";
  const [volume] = spec.volumes!;
  const alone = {
    ...spec,
    env: {...spec.env, HOLDFAST_PEERS: `${peer}=127.0.0.2`},
    volumes: [{...volume!, volume: {...volume!.volume, name: "joiner"}}],
  };
  const hosts = [
    "--add-host",
    `${spec.hostname}:127.0.0.1`,
    "--add-host",
    `${peer}:127.0.0.2`,
    "--hostname",
    spec.hostname!,
  ];
  const started = await processes.start("joiner", alone, "none", ["-d", "--init", ...hosts]);
  t.is(started.code, 0, started.stderr);
  const listening = "{ok, _} = gen_tcp:listen(5672, [{ip, {127, 0, 0, 2}}]), timer:sleep(infinity).";
  // It serves as far as a connection tells, and is gone when it is to be joined.
  await docker("exec", "-d", joiner, "erl", "-noshell", "-eval", listening);
  const running = async () => (await docker("inspect", "-f", "{{.State.Running}}", joiner)).stdout.trim();
  for (let i = 0; i < 180 && (await running()) === "true"; i++) await sleep(1000);
  const log = (await docker("logs", joiner)).text;
  t.regex(log, /holdfast: this broker ends, to be started again: it was to join its cluster, and found nobody there/);
  await docker("start", joiner);
  await sleep(1000);
  t.regex((await docker("logs", joiner)).text, /a join was cut in the middle: clearing its rest/);
});
