import {readFileSync} from "node:fs";
import {networkInterfaces} from "node:os";
import {Random} from "../../lib/random.ts";
import {delayProxy} from "./delay.ts";
import type {ProxyOrder, ProxyReady} from "./order.ts";

/** The program in a proxy's container. It reads its order from a file, says on standard output where it listens, and
 *  ends when its standard input does. */

const order = JSON.parse(readFileSync(process.argv[2] ?? "/holdfast/proxy.json", "utf8")) as ProxyOrder;
/** Ports from here on are for everybody. */
const firstPort = 20_000;
const random = new Random(order.seed);
const shares = Array.from({length: 1001}, (_, i) => i / 1000);
const address = Object.values(networkInterfaces())
  .flat()
  .find(one => one && !one.internal && one.family === "IPv4")?.address;
if (!address) throw new Error("The proxy has no address on any network.");

const ports = await Promise.all(
  order.upstreams.map(
    (upstream, i) =>
      new Promise<number>((resolve, reject) => {
        const port = firstPort + i;
        const server = delayProxy(upstream, order, order.connectTimeoutMs, () => random.pick(shares));
        server.once("error", reject);
        server.listen(port, address, () => resolve(port));
      }),
  ),
);
process.stdout.write(`${JSON.stringify({address, ports} satisfies ProxyReady)}\n`);
process.stdin.on("end", () => process.exit(0)).resume();
