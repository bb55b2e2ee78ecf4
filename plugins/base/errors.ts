import {Metadata, type ServiceError, status} from "@grpc/grpc-js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import {PartialError} from "./resource.ts";
import {toStruct} from "./struct.ts";
import {keepSecrets, type Properties, recordedOutputs} from "./values.ts";

/**
 * An error as gRPC carries it. A partial failure carries the resource too, so that the engine records it; `inputs` are
 * the ones it was made from, with their marks.
 */
export function grpcError(error: unknown, inputs?: Properties): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof PartialError) {
    const detail = new provider.ErrorResourceInitFailed();
    detail.setId(error.id);
    detail.setProperties(toStruct(keepSecrets(recordedOutputs(inputs ?? {}, error.outputs), inputs)));
    detail.setReasonsList([message]);
    if (inputs) detail.setInputs(toStruct(inputs));
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const result = new statuses.Status();
    result.setCode(status.UNKNOWN);
    result.setMessage(message);
    result.addDetails(packed);
    // The place where gRPC for Go looks for structured details; the Node library has no call for it.
    metadata.add("grpc-status-details-bin", Buffer.from(result.serializeBinary()));
  }
  return {code: status.UNKNOWN, details: message, message, metadata};
}
