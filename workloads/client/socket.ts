import {connect, type Socket, type SocketConstructorOpts} from "node:net";

/** Opens a TCP socket. It is destroyed with the error class `connect-timeout` when nobody answers in time: the kernel
 *  alone would repeat a lost SYN only after 1 s, and give up after minutes. */
export function openSocket(
  host: string,
  port: number,
  connectTimeoutMs: number,
  options: SocketConstructorOpts = {},
): Socket {
  const socket = connect({...options, host, port, noDelay: true});
  return limitConnect(socket, connectTimeoutMs);
}

/** Puts that limit on a socket which is being connected. */
export function limitConnect(socket: Socket, connectTimeoutMs: number): Socket {
  const timer = setTimeout(() => {
    socket.destroy(Object.assign(new Error(`no answer within ${connectTimeoutMs} ms`), {code: "connect-timeout"}));
  }, connectTimeoutMs);
  socket.once("connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
  return socket;
}
