import {statSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {temporaryFolder} from "../test/folder.ts";
import {environment, exportLines, ownBackend} from "./environment.ts";

const home = temporaryFolder();
const names = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE", "PULUMI_HOME"];
const before = Object.fromEntries(names.map(name => [name, process.env[name]]));

test.serial.beforeEach(() => {
  for (const name of names) delete process.env[name];
  process.env.PULUMI_HOME = home;
});
test.serial.after.always(() => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

test.serial("a backend of the user's own, by variable or by pulumi login, is left alone", async t => {
  t.is(ownBackend(), undefined);
  t.regex((await environment()).PULUMI_BACKEND_URL!, /^file:\/\/.*state$/);
  writeFileSync(join(home, "credentials.json"), JSON.stringify({current: "file:///srv/state"}));
  t.is(ownBackend(), "file:///srv/state");
  t.is((await environment()).PULUMI_BACKEND_URL, undefined);
  process.env.PULUMI_BACKEND_URL = "s3://bucket";
  t.is(ownBackend(), "s3://bucket");
  t.is((await environment()).PULUMI_BACKEND_URL, undefined);
});

test.serial("a passphrase is made once, for its owner alone; the user's own is left alone", async t => {
  const {PULUMI_CONFIG_PASSPHRASE_FILE: file} = await environment();
  t.is(statSync(file!).mode & 0o777, 0o600);
  t.is((await environment()).PULUMI_CONFIG_PASSPHRASE_FILE, file);
  process.env.PULUMI_CONFIG_PASSPHRASE = "";
  t.is((await environment()).PULUMI_CONFIG_PASSPHRASE_FILE, undefined);
});

test.serial("lines for a shell quote what they must", t => {
  t.deepEqual(exportLines({A: "it's"}), ["export A='it'\\''s'"]);
});
