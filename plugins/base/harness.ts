import {credentials} from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import statuses from "@pulumi/pulumi/proto/status_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type {Provider} from "./resource.ts";
import {listen} from "./serve.ts";
import {fromStruct, toStruct} from "./struct.ts";
import type {Properties} from "./values.ts";

/** A failed operation, with the resource that it left behind, if any. */
export class Failure extends Error {
  partial?: {id: string; outputs: Properties; reasons: string[]};
}

export interface Diff {
  changed: boolean;
  keys: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/**
 * A plugin served in this process and asked over gRPC as the engine asks: for tests. What it says to the user goes to
 * `engineAddress`.
 */
export async function connect(served: Provider, engineAddress?: string) {
  const {server, port} = await listen(served, engineAddress);
  const client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const ask = <Request, Response>(method: string, request: Request) =>
    new Promise<Response>((resolve, reject) => {
      const call = (client as unknown as Record<string, (r: Request, done: (e: unknown, a: Response) => void) => void>)[
        method
      ]!;
      call.call(client, request, (error, answer) => (error ? reject(failure(error)) : resolve(answer)));
    });
  const urn = (type: string, name: string) => `urn:pulumi:test::pl::${type}::${name}`;
  return {
    urn,
    ask,
    async check(type: string, name: string, news: Properties, olds: Properties = {}) {
      const request = new provider.CheckRequest()
        .setUrn(urn(type, name))
        .setNews(toStruct(news))
        .setOlds(toStruct(olds));
      const answer = await ask<Messages.CheckRequest, Messages.CheckResponse>("check", request);
      return {
        inputs: fromStruct(answer.getInputs()),
        problems: answer.getFailuresList().map(problem => problem.getReason()),
      };
    },
    async diff(
      type: string,
      name: string,
      olds: Properties,
      news: Properties,
      outputs: Properties = olds,
    ): Promise<Diff> {
      const request = new provider.DiffRequest().setId("x").setUrn(urn(type, name));
      request.setOlds(toStruct(outputs)).setOldInputs(toStruct(olds)).setNews(toStruct(news));
      const answer = await ask<Messages.DiffRequest, Messages.DiffResponse>("diff", request);
      return {
        changed: answer.getChanges() === provider.DiffResponse.DiffChanges.DIFF_SOME,
        keys: answer.getDiffsList(),
        replaces: answer.getReplacesList(),
        deleteBeforeReplace: answer.getDeletebeforereplace(),
      };
    },
    async create(type: string, name: string, inputs: Properties, options: {preview?: boolean; timeout?: number} = {}) {
      const request = new provider.CreateRequest().setUrn(urn(type, name)).setProperties(toStruct(inputs));
      request.setPreview(options.preview ?? false).setTimeout(options.timeout ?? 0);
      const answer = await ask<Messages.CreateRequest, Messages.CreateResponse>("create", request);
      return {id: answer.getId(), outputs: fromStruct(answer.getProperties())};
    },
    async read(type: string, name: string, id: string, inputs: Properties = {}, outputs: Properties = {}) {
      const request = new provider.ReadRequest().setUrn(urn(type, name)).setId(id);
      request.setInputs(toStruct(inputs)).setProperties(toStruct(outputs));
      const answer = await ask<Messages.ReadRequest, Messages.ReadResponse>("read", request);
      return {id: answer.getId(), inputs: fromStruct(answer.getInputs()), outputs: fromStruct(answer.getProperties())};
    },
    async update(
      type: string,
      name: string,
      id: string,
      old: {inputs: Properties; outputs: Properties},
      news: Properties,
    ) {
      const request = new provider.UpdateRequest().setUrn(urn(type, name)).setId(id);
      request.setOlds(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs)).setNews(toStruct(news));
      const answer = await ask<Messages.UpdateRequest, Messages.UpdateResponse>("update", request);
      return fromStruct(answer.getProperties());
    },
    async preview(
      type: string,
      name: string,
      id: string,
      old: {inputs: Properties; outputs: Properties},
      news: Properties,
    ) {
      const request = new provider.UpdateRequest().setUrn(urn(type, name)).setId(id).setPreview(true);
      request.setOlds(toStruct(old.outputs)).setOldInputs(toStruct(old.inputs)).setNews(toStruct(news));
      const answer = await ask<Messages.UpdateRequest, Messages.UpdateResponse>("update", request);
      return fromStruct(answer.getProperties());
    },
    async delete(type: string, name: string, id: string, inputs: Properties) {
      const request = new provider.DeleteRequest().setUrn(urn(type, name)).setId(id);
      request.setProperties(toStruct(inputs)).setOldInputs(toStruct(inputs));
      await ask("delete", request);
    },
    cancel: () => ask("cancel", new empty.Empty()),
    close() {
      client.close();
      server.forceShutdown();
    },
  };
}

export type Client = Awaited<ReturnType<typeof connect>>;

function failure(error: unknown): Failure {
  const {details, metadata} = error as {details?: string; metadata?: {get(key: string): (string | Buffer)[]}};
  const result = new Failure(details ?? String(error));
  const packed = metadata?.get("grpc-status-details-bin")[0];
  if (packed) {
    const detail = statuses.Status.deserializeBinary(packed as Buffer).getDetailsList()[0]!;
    const partial = provider.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    result.partial = {
      id: partial.getId(),
      outputs: fromStruct(partial.getProperties()),
      reasons: partial.getReasonsList(),
    };
  }
  return result;
}

/** The error that the call fails with. Throws when it succeeds, or fails otherwise. */
export async function fails(run: Promise<unknown>): Promise<Failure> {
  try {
    await run;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it should have failed");
}
