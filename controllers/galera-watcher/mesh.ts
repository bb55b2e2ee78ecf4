import {connect, createServer, type Server, type TLSSocket} from "node:tls";
import {onEnding} from "./ending.ts";
import type {EvidenceEvent} from "./evidence.ts";
import {type Message, readMessage} from "./message.ts";

/** The watchers know each other by a key that they share: TLS 1.3 with that key and no certificates, so nobody else can
 *  say or hear anything, or say again what was said before. */
const tls = {
  minVersion: "TLSv1.3",
  ciphers: "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256",
} as const;
const lineLimit = 16_384;
/** Without a word for so long, a connection is made again. Watchers speak ten times a second. */
const silenceMs = 2000;
const pauseMs = 100;

/** Tells every other watcher everything, over connections that they make. */
export class Speaker {
  readonly server: Server;
  readonly #listeners = new Set<TLSSocket>();
  #last = "";

  constructor(key: Buffer, limit: number) {
    this.server = createServer({...tls, pskCallback: () => key, handshakeTimeout: 2000}, socket => {
      this.#listeners.add(socket);
      socket.once("close", () => this.#listeners.delete(socket));
      socket.on("error", () => undefined);
      // Nobody has anything to say here.
      socket.on("data", () => socket.destroy());
      socket.setNoDelay(true);
      if (this.#last) socket.write(this.#last);
    });
    this.server.maxConnections = limit;
    this.server.on("tlsClientError", () => undefined);
  }

  /** Says it to all that listen. One that does not read is dropped: it makes a new connection and hears the newest. */
  say(message: Message): void {
    this.#last = `${JSON.stringify(message)}\n`;
    for (const socket of this.#listeners) {
      if (socket.writableLength > 4 * lineLimit) socket.destroy();
      else socket.write(this.#last);
    }
  }

  /** Whether this differs from what was said last. */
  isNew(message: Message): boolean {
    return this.#last !== `${JSON.stringify(message)}\n`;
  }

  close(): void {
    this.server.close();
    for (const socket of this.#listeners) socket.destroy();
  }
}

export interface Ear {
  met(event: EvidenceEvent): void;
  told(message: Message): void;
  /** It spoke for the first time on a connection, or the try to hear it has ended. */
  tried?(): void;
}

/** Listens to one other watcher, over and over again. Ends when `signal` fires. */
export async function listenTo(
  at: {host: string; port: number},
  key: Buffer,
  me: string,
  ear: Ear,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await once(at, key, me, ear, signal);
    await new Promise(resolve => setTimeout(resolve, pauseMs));
  }
}

function once(at: {host: string; port: number}, key: Buffer, me: string, ear: Ear, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const socket = connect({
      ...tls,
      ...at,
      pskCallback: () => ({psk: key, identity: me}),
      // There is no certificate: the key is what both ends prove.
      checkServerIdentity: () => undefined,
    });
    let stands = false;
    let rest = "";
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, {once: true});
    socket.setTimeout(silenceMs, stop);
    socket.setNoDelay(true);
    socket.once("secureConnect", () => {
      stands = true;
      ear.met({kind: "opened", what: "session"});
    });
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      if (rest.length > lineLimit) return stop();
      for (const message of lines.flatMap(line => readMessage(line) ?? [])) {
        ear.told(message);
        ear.tried?.();
      }
    });
    onEnding(socket, how => {
      signal.removeEventListener("abort", stop);
      if (stands && !signal.aborted) ear.met({kind: "ended", what: "session", how});
      socket.destroy();
      ear.tried?.();
      resolve();
    });
  });
}
