import type {Socket} from "node:net";
import type {Ending} from "./evidence.ts";

/** Tells, once, how a connection that stood was ended: by the other side's kernel (closed or reset), or by silence,
 *  this side or an error on the way. */
export function onEnding(socket: Socket, tell: (how: Ending) => void): void {
  let told = false;
  const once = (how: Ending) => {
    if (told) return;
    told = true;
    tell(how);
  };
  socket.once("end", () => once("kernel"));
  socket.once("error", (error: NodeJS.ErrnoException) => once(error.code === "ECONNRESET" ? "kernel" : "silence"));
  socket.once("close", () => once("silence"));
}
