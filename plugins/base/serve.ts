import {Server, ServerCredentials} from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import {onParentGone} from "./engine-gone.ts";
import type {Provider} from "./resource.ts";
import {ProviderServer} from "./server.ts";

/** Time for aborted operations to clean up after the engine is gone, in milliseconds. */
const graceAfterEngine = 3000;

/** Listens on a free local port. */
export async function listen(provider: Provider, engineAddress?: string) {
  const handler = new ProviderServer(provider, engineAddress);
  // Uploads and logs may be larger than the 4 MiB that gRPC allows by default; this is the engine's own limit.
  const limit = 400 * 1024 * 1024;
  const server = new Server({"grpc.max_receive_message_length": limit, "grpc.max_send_message_length": limit});
  server.addService(services.ResourceProviderService as never, handler.service());
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {server, handler, port};
}

/** The main program of a plugin: prints its port, as the engine expects, and serves until the engine ends it. */
export async function serve(provider: Provider): Promise<void> {
  // Ctrl-C reaches every process of the terminal; the engine says by itself when to stop, and needs the answers.
  process.on("SIGINT", () => process.exit(0));
  // An error that nobody awaited is no reason to lose the operations under way.
  process.on("unhandledRejection", error => console.error(error));
  const engineAddress = process.argv.slice(2).find(argument => !argument.startsWith("-"));
  const {handler, port} = await listen(provider, engineAddress);
  onParentGone(() => {
    handler.cancel("the Pulumi engine is gone");
    setTimeout(() => process.exit(1), graceAfterEngine).unref();
  });
  process.stdout.write(`${port}\n`);
}
