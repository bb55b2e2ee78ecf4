import {randomBytes} from "node:crypto";
import {connect} from "node:net";
import {setTimeout as sleep} from "node:timers/promises";
import Docker from "dockerode";
import {filesDir} from "../lib/names.ts";
import {tar} from "../lib/tar.ts";
import {recipeOf} from "../platforms/docker/images.ts";
import {clear} from "./clear.ts";

/** A single MariaDB in a container, of the image that Galera's members have, without Galera. */
export interface MariaDb {
  address: string;
  port: number;
  user: string;
  password: string;
  database: string;
  remove(): Promise<void>;
}

const startLimitMs = 120_000;

/** Starts one that keeps its data in memory, and returns when it answers. */
export async function startMariaDb(name: string): Promise<MariaDb> {
  const docker = new Docker();
  const password = randomBytes(12).toString("hex");
  const accounts = [
    "FLUSH PRIVILEGES;",
    "CREATE DATABASE app;",
    `CREATE USER app@'%' IDENTIFIED BY '${password}';`,
    "GRANT ALL ON app.* TO app@'%';",
    // Where the watchers' procedures are.
    "CREATE DATABASE holdfast;",
    "GRANT ALL ON holdfast.* TO app@'%';",
  ].join("\n");
  const script = [
    `mariadb-install-db --no-defaults --datadir=/tmp/data --skip-test-db --skip-name-resolve --extra-file=${filesDir}/accounts.sql`,
    "exec mariadbd --no-defaults --datadir=/tmp/data --socket=/tmp/socket --bind-address=0.0.0.0 --skip-name-resolve --innodb-flush-log-at-trx-commit=0 --innodb-use-native-aio=0",
  ].join(" && ");
  const remove = () => clear({containers: [name]});
  await remove();
  const container = await docker.createContainer({
    name,
    Image: recipeOf("galera").tag,
    User: "999:0",
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    Volumes: {[filesDir]: {}},
    HostConfig: {
      CapDrop: ["ALL"],
      SecurityOpt: ["no-new-privileges:true"],
      ReadonlyRootfs: true,
      Tmpfs: {"/tmp": "size=1g,mode=1777"},
      Memory: 1536 * 1024 * 1024,
    },
  });
  try {
    // The password goes in a file: arguments and environment can be read by others.
    const files = [{name: "accounts.sql", content: accounts, mode: 0o440}];
    await container.putArchive(Buffer.from(tar(files)), {path: filesDir});
    await container.start();
    const address = (await container.inspect()).NetworkSettings.Networks.bridge!.IPAddress;
    await answers(address, 3306);
    return {address, port: 3306, user: "app", password, database: "app", remove};
  } catch (error) {
    await remove();
    throw error;
  }
}

async function answers(address: string, port: number): Promise<void> {
  const deadline = Date.now() + startLimitMs;
  for (;;) {
    const greeted = await new Promise<boolean>(resolve => {
      const socket = connect({host: address, port}, () => {});
      socket.setTimeout(1000, () => socket.destroy());
      socket.once("data", () => [resolve(true), socket.destroy()]);
      socket.once("error", () => {}).once("close", () => resolve(false));
    });
    if (greeted) return;
    if (Date.now() > deadline) throw new Error(`waited ${startLimitMs} ms for MariaDB at ${address}:${port} to greet`);
    await sleep(200);
  }
}
