import type {Delay, Upstream} from "./delay.ts";

/** What a proxy is told, as its file /holdfast/proxy.json. */
export interface ProxyOrder extends Delay {
  /** It listens once for each, in this order. */
  upstreams: Upstream[];
  /** How long the clients wait for TCP. */
  connectTimeoutMs: number;
  seed: number;
}

/** The one line that it says. */
export interface ProxyReady {
  address: string;
  ports: number[];
}
