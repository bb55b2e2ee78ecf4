import {spawn} from "node:child_process";
import {rmSync} from "node:fs";
import {join} from "node:path";
import {createInterface} from "node:readline";
import {setTimeout as sleep} from "node:timers/promises";
import test, {type ExecutionContext} from "ava";
import type {StackStatus} from "../engine/status.ts";
import {labels} from "../lib/names.ts";
import {projectRoot} from "../lib/paths.ts";
import {lastLines} from "../plugins/docker/logs.ts";
import {holdfast} from "./lab.ts";
import {OwnEngine, whyNoOwnEngine} from "./own-engine.ts";

// A whole lab on an engine of its own, which is ended and started again as a reboot of the machine does it. Nobody
// types a command that changes anything: what comes back comes back by itself. The lab of the other tests goes on
// beside it.

const why = whyNoOwnEngine();
const serial = why ? test.serial.skip : test.serial;
if (why) console.error(`test/engine-restart.lab.test.ts is left out: ${why}`);

/** Until every member is healthy in its cluster, from the moment when the engine answers. Thirty containers begin at
 *  the same time on two cores. */
const backLimitMs = 180_000;
/** Rows written before the engine ends; the writer goes on until it does. */
const leastRows = 50;

const name = `e${process.pid}`;
const reference = `lab:${name}`;
const members = ["galera-0", "galera-1", "galera-2"];
let engine: OwnEngine;
const cli = (...args: string[]) => holdfast(args, {env: {DOCKER_HOST: engine.host}});

if (!why) {
  test.serial.before("a lab comes up on an engine of its own", async t => {
    engine = await OwnEngine.make(`holdfast-${name}`);
    const up = await cli("up", reference);
    t.is(up.code, 0, up.out + up.err);
    await sql("galera-0", "CREATE TABLE app.lasting (id INT PRIMARY KEY)");
  });
  test.serial.after.always("it goes with its engine", async () => {
    await cli("down", reference).catch(() => undefined);
    await engine?.remove();
    rmSync(join(projectRoot, "stacks", "lab", `Pulumi.${name}.yaml`), {force: true});
  });
}

serial("the machine is shut down and started: all comes back by itself, with every acknowledged row", async t => {
  await comesBack(t, 0, () => engine.stop());
});

serial("the power of the machine is cut: the same", async t => {
  await comesBack(t, 1_000_000, () => engine.losePower());
});

async function comesBack(t: ExecutionContext, from: number, end: () => Promise<void>): Promise<void> {
  const writer = new Writer(from);
  await writer.wrote(leastRows);
  await end();
  const acknowledged = await writer.ended();
  t.true(acknowledged.length >= leastRows);
  await engine.start();
  const began = Date.now();
  await healthy(t, began + backLimitMs);
  t.log(
    `healthy again ${Math.round((Date.now() - began) / 1000)} s after the engine answered; ${acknowledged.length} rows`,
  );
  t.log(await lastLines(engine.client().getContainer(`${name}-starter`), 30));
  const heal = await cli("heal", reference, "--json");
  t.deepEqual(JSON.parse(heal.out).started, [], "heal finds nothing that is down");
  for (const member of members) {
    const rows = new Set((await sql(member, "SELECT id FROM app.lasting")).split("\n").map(Number));
    t.deepEqual(
      acknowledged.filter(row => !rows.has(row)),
      [],
      `${member} has every acknowledged row`,
    );
  }
}

/** Status alone asks; it changes nothing. */
async function healthy(t: ExecutionContext, until: number): Promise<void> {
  for (;;) {
    const said = await cli("status", reference, "--json");
    if (said.code === 0) return;
    if (Date.now() > until) {
      const seen = said.out === "" ? said.err : sick(JSON.parse(said.out));
      return t.fail(`not healthy ${backLimitMs / 1000} s after the engine answered: ${seen}; down: ${await down()}`);
    }
    await sleep(2000);
  }
}

const sick = ({members: all, alarms}: StackStatus) =>
  [...all.filter(m => !m.healthy).map(m => `${m.member} ${m.state}`), ...alarms].join(", ");

async function down(): Promise<string> {
  const filters = {label: [`${labels.stack}=lab/${name}`], status: ["exited", "created"]};
  const found = await engine.client().listContainers({all: true, filters});
  return found.map(one => `${one.Names[0]} ${one.Status}`).join(", ") || "none";
}

const inMember = (member: string, script: string): string[] => {
  const run = ["-H", engine.host, "exec", "-u", "0", `${name}-${member}`, "sh", "-c", script];
  return run;
};
const mariadb = "mariadb --no-defaults --socket=/run/mysqld/mysqld.sock -N -B";

async function sql(member: string, statement: string): Promise<string> {
  const child = spawn("docker", inMember(member, `${mariadb} -e '${statement}'`), {timeout: 60_000});
  let [out, err] = ["", ""];
  child.stdout.on("data", text => (out += text));
  child.stderr.on("data", text => (err += text));
  const code = await new Promise(resolve => child.once("close", resolve));
  if (code !== 0) throw new Error(`${member}: ${statement}: ${err}`);
  return out;
}

/** One row after the other through one member, each its own transaction, until the engine is gone. */
class Writer {
  readonly #rows: number[] = [];
  readonly #ended: Promise<unknown>;

  constructor(from: number) {
    const row = `i=$((i+1)); ${mariadb} -e "INSERT INTO app.lasting VALUES ($i)" && echo $i`;
    const child = spawn("docker", inMember("galera-0", `i=${from}; while :; do ${row} || exit; done`));
    createInterface({input: child.stdout}).on("line", line => this.#rows.push(Number(line)));
    this.#ended = new Promise(resolve => child.once("close", resolve));
  }

  async wrote(rows: number): Promise<void> {
    const until = Date.now() + 60_000;
    while (this.#rows.length < rows && Date.now() < until) await sleep(50);
    if (this.#rows.length < rows) throw new Error(`${this.#rows.length} of ${rows} rows were written in 60 s`);
  }

  async ended(): Promise<readonly number[]> {
    await this.#ended;
    return this.#rows;
  }
}
