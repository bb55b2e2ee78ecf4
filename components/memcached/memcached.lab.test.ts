import test from "ava";
import {Loopback, mockPulumi} from "../../test/fake-platform.ts";
import {docker, ProcessRunner} from "../../test/processes.ts";
import {MemcachedPool} from "./memcached.ts";
import {state} from "./state.ts";

mockPulumi();

const prefix = `memcached-test-${process.pid}`;
const member = `${prefix}-member`;
const processes = new ProcessRunner(prefix);
const platform = new Loopback();
new MemcachedPool("cache", {platform, members: 1, memory: 32, maxConnections: 100});
const spec = platform.members["cache-0"]!;

const ask = async () => state.parse(await docker("exec", member, ...state.command));

test.after.always(() => processes.remove());

test.serial("the daemon takes its flags and answers", async t => {
  const {code, stderr} = await processes.start("member", spec, "none", ["-d", "--init", "--memory", `${spec.memory}m`]);
  t.is(code, 0, stderr);
  let answer = await ask();
  for (let i = 0; i < 20 && !answer.healthy; i++) answer = await ask();
  t.true(answer.healthy, answer.state);
  t.regex(String(answer.detail.version), /^1\.6\./);
});

test.serial("what was asked for is in force, and UDP is off", async t => {
  const script = `exec 3<>/dev/tcp/127.0.0.1/11211; printf 'stats settings\\r\\nquit\\r\\n' >&3; cat <&3`;
  const settings = (await docker("exec", member, "bash", "-c", script)).stdout;
  for (const line of ["maxbytes 33554432", "maxconns 100", "udpport 0", "inter 127.0.0.1"])
    t.true(settings.includes(`STAT ${line}\r\n`), line);
});

test.serial("a daemon that is stopped does not count as healthy", async t => {
  t.is((await docker("exec", member, "bash", "-c", "kill -STOP $(pidof memcached)")).code, 0);
  const answer = await ask();
  t.false(answer.healthy);
});
