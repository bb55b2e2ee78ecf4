import {readFileSync} from "node:fs";
import type {Socket} from "node:net";
import {type Channel, Connection} from "rabbitmq-client";
import type {WorkloadOrder} from "../../lib/workload.ts";
import {limitConnect} from "../client/socket.ts";

/** One connection with one channel. It is used until it breaks and never mends itself. */
export interface Link {
  readonly open: boolean;
  readonly channel: Channel;
  /** Cuts the connection; whatever is under way on it is rejected. */
  destroy(): void;
}

/** Connects and opens a channel. The library's own reconnecting is switched off by destroying the connection on its
 *  first error. */
export async function openLink(order: WorkloadOrder): Promise<Link> {
  const {target, options, timeoutMs} = order;
  const connection = new Connection({
    hostname: target.address,
    port: target.port,
    username: target.user,
    password: target.passwordFile ? readFileSync(target.passwordFile, "utf8").trim() : undefined,
    vhost: target.vhost ?? "/",
    connectionTimeout: timeoutMs,
    acquireTimeout: timeoutMs,
    connectionName: `holdfast ${order.run} ${order.name}`,
    heartbeat: 5,
    maxChannels: 1,
    noDelay: true,
  });
  // The library has no limit for TCP alone; `_socket` is not in its types.
  const socket = (connection as unknown as {_socket?: Socket})._socket;
  if (socket) limitConnect(socket, Number(options.connectTimeout ?? 250));
  let broken = false;
  const destroy = () => {
    broken = true;
    connection.unsafeDestroy();
  };
  const failure = new Promise<never>((_, reject) => {
    connection.on("error", error => {
      destroy();
      reject(error);
    });
  });
  failure.catch(() => {});
  try {
    const channel = await Promise.race([connection.acquire(), failure]);
    channel.on("close", destroy);
    return {
      channel,
      destroy,
      get open() {
        return !broken && channel.active;
      },
    };
  } catch (error) {
    destroy();
    throw error;
  }
}
