import {execFile} from "node:child_process";
import {promisify} from "node:util";
import test from "ava";
import {state} from "../../lib/state/memcached.ts";
import {recipeOf} from "../../platforms/docker/images.ts";
import {FakePlatform, mockPulumi} from "../../test/fake-platform.ts";
import {MemcachedPool} from "./memcached.ts";

mockPulumi();

class Loopback extends FakePlatform {
  override network(purpose: "front" | "back" | "mgmt") {
    return {...super.network(purpose), address: () => "127.0.0.1"};
  }
}

const member = `memcached-test-${process.pid}`;
const platform = new Loopback();
new MemcachedPool("cache", {platform, members: 1, memory: 32, maxConnections: 100});
const spec = platform.members["cache-0"]!;

const run = promisify(execFile);
const docker = (...args: string[]) =>
  run("docker", args, {encoding: "utf8", timeout: 60_000}).then(
    ({stdout, stderr}) => ({code: 0, stdout, stderr}),
    error => ({code: Number(error.code) || 1, stdout: String(error.stdout), stderr: String(error.stderr)}),
  );
const ask = async () => state.parse(await docker("exec", member, ...state.command));

test.after.always(() => docker("rm", "-f", member));

test.serial("the daemon takes its flags and answers", async t => {
  const {code, stderr} = await docker(
    ...["run", "-d", "--name", member, "--network", "none", "--init", "--read-only", "--cap-drop", "ALL"],
    ...["--security-opt", "no-new-privileges:true", "--user", `${spec.user}:0`, "--memory", `${spec.memory}m`],
    ...Object.entries(spec.env!).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
    ...[recipeOf(spec.image).tag, ...spec.command],
  );
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
  await docker("exec", member, "bash", "-c", "kill -STOP $(pgrep -x memcached || echo 7)");
  const answer = await ask();
  t.false(answer.healthy);
});
