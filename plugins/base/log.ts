import {credentials} from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";

export type Log = (urn: string, severity: "info" | "warning", message: string, ephemeral: boolean) => void;

/** Lines for the user, shown by the engine at `address` beside the resource. Lost lines are no error. */
export function engineLog(address: string | undefined): Log {
  if (!address) return () => {};
  const client = new engineService.EngineClient(address, credentials.createInsecure());
  return (urn, severity, message, ephemeral) => {
    const request = new engine.LogRequest();
    request.setSeverity(severity === "info" ? engine.LogSeverity.INFO : engine.LogSeverity.WARNING);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    client.log(request, () => {});
  };
}
