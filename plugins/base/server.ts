import type {ServerUnaryCall, sendUnaryData, UntypedServiceImplementation} from "@grpc/grpc-js";
import type * as PluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import {checked, diffResponse} from "./answers.ts";
import {diffTable} from "./diff.ts";
import {grpcError} from "./errors.ts";
import {engineLog, type Log} from "./log.ts";
import {madeUp, type Proposal, withName} from "./naming.ts";
import type {Context, Provider, ResourceType} from "./resource.ts";
import {schema} from "./schema.ts";
import {fromStruct, toStruct} from "./struct.ts";
import {checkTable, markSecrets} from "./table.ts";
import {hasSecret, keepSecrets, type Properties, plainProperties, recordedOutputs, unknown} from "./values.ts";

interface Operation {
  getUrn(): string;
  getTimeout?(): number;
}

const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
const typeOf = (urn: string) => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** The provider service that the Pulumi engine calls, over the types of one plugin. */
export class ProviderServer {
  readonly #provider: Provider;
  readonly #stop = new AbortController();
  #log: Log;

  constructor(served: Provider, engineAddress?: string) {
    this.#provider = served;
    this.#log = engineLog(engineAddress);
  }

  /** Ends every wait: the user interrupted, or the engine is gone. */
  cancel(reason: string): void {
    this.#stop.abort(new Error(reason));
  }

  /** The methods, for a gRPC server. */
  service(): UntypedServiceImplementation {
    const unary =
      <Request, Response>(method: (request: Request, signal: AbortSignal) => Response | Promise<Response>) =>
      async (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => {
        const gone = new AbortController();
        call.on("cancelled", () => gone.abort(new Error("the engine ended the call")));
        try {
          done(null, await method(call.request, AbortSignal.any([gone.signal, this.#stop.signal])));
        } catch (error) {
          done(isServiceError(error) ? error.service : grpcError(error));
        }
      };
    return {
      handshake: unary((request: Messages.ProviderHandshakeRequest) => this.#handshake(request)),
      attach: unary((request: PluginMessages.PluginAttach) => this.#attach(request)),
      getPluginInfo: unary(() => new plugin.PluginInfo().setVersion(this.#provider.version)),
      getSchema: unary(() => new provider.GetSchemaResponse().setSchema(schema(this.#provider))),
      checkConfig: unary((request: Messages.CheckRequest) => this.#checkConfig(request)),
      diffConfig: unary((request: Messages.DiffRequest) => this.#diffConfig(request)),
      configure: unary((request: Messages.ConfigureRequest) => this.#configure(request)),
      check: unary((request: Messages.CheckRequest, signal) => this.#check(request, signal)),
      diff: unary((request: Messages.DiffRequest, signal) => this.#diff(request, signal)),
      create: unary((request: Messages.CreateRequest, signal) => this.#create(request, signal)),
      read: unary((request: Messages.ReadRequest, signal) => this.#read(request, signal)),
      update: unary((request: Messages.UpdateRequest, signal) => this.#update(request, signal)),
      delete: unary((request: Messages.DeleteRequest, signal) => this.#delete(request, signal)),
      invoke: unary((request: Messages.InvokeRequest): Messages.InvokeResponse => {
        throw new Error(`function ${request.getTok()} is not served by the bundled plugin; ${this.#provider.advice}`);
      }),
      call: unary((request: Messages.CallRequest): Messages.CallResponse => {
        throw new Error(`method ${request.getTok()} is not served by the bundled plugin; ${this.#provider.advice}`);
      }),
      construct: unary((request: Messages.ConstructRequest): Messages.ConstructResponse => {
        throw new Error(`component ${request.getType()} is not served by the bundled plugin; ${this.#provider.advice}`);
      }),
      cancel: unary(() => {
        this.cancel("cancelled");
        return new empty.Empty();
      }),
    };
  }

  #handshake(request: Messages.ProviderHandshakeRequest) {
    this.#log = engineLog(request.getEngineAddress());
    const response = new provider.ProviderHandshakeResponse();
    response.setAcceptSecrets(true);
    response.setAcceptResources(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  #attach(request: PluginMessages.PluginAttach) {
    this.#log = engineLog(request.getAddress());
    return new empty.Empty();
  }

  #checkConfig(request: Messages.CheckRequest) {
    const news = fromStruct(request.getNews());
    const {version: _version, pluginDownloadURL: _url, ...settings} = plainProperties(news);
    const problems = checkTable(this.#provider.config, settings, path => `setting \`${path}\` ${this.#notServed()}`);
    return checked(news, problems);
  }

  #diffConfig(request: Messages.DiffRequest) {
    const olds = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
    return diffResponse(diffTable(this.#provider.config, olds, plainProperties(fromStruct(request.getNews()))), false);
  }

  #configure(request: Messages.ConfigureRequest) {
    const settings = plainProperties(fromStruct(request.getArgs()));
    for (const [key, value] of request.getVariablesMap().entries()) settings[key.split(":").at(-1)!] ??= value;
    this.#provider.configure(settings);
    const response = new provider.ConfigureResponse();
    response.setAcceptsecrets(true);
    response.setAcceptresources(true);
    response.setSupportspreview(true);
    response.setSupportsAutonamingConfiguration(true);
    return response;
  }

  async #check(request: Messages.CheckRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const marked = fromStruct(request.getNews());
    const olds = plainProperties(fromStruct(request.getOlds()));
    let news = plainProperties(marked);
    if (type.autoname)
      news = withName(nameOf(request.getUrn()), news, olds, request.getRandomseed_asU8(), proposal(request));
    const problems = checkTable(type.inputs, news, path => `input \`${path}\` ${this.#notServed()}`);
    if (!problems.length && type.check) {
      problems.push(...(await type.check(news, this.#context(request, signal, marked))));
    }
    const who = `${type.token} "${nameOf(request.getUrn())}"`;
    return checked(
      markSecrets(type.inputs, keepSecrets(news, marked)),
      problems.map(problem => `${who}: ${problem}`),
    );
  }

  #diff(request: Messages.DiffRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const old = {
      inputs: plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds())),
      outputs: plainProperties(fromStruct(request.getOlds())),
    };
    const marked = fromStruct(request.getNews());
    const news = plainProperties(marked);
    const ignored = request.getIgnorechangesList();
    const found = diffTable(type.inputs, old.inputs, news);
    const context = this.#context(request, signal, marked);
    const changes = (type.diff?.(found, old, news, context) ?? found).filter(change => !ignored.includes(change.key));
    const key = type.collidesOn ?? "name";
    const collides = !madeUp(news) && news[key] !== undefined && old.inputs[key] === news[key];
    return diffResponse(changes, collides);
  }

  async #create(request: Messages.CreateRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const marked = fromStruct(request.getProperties());
    const inputs = plainProperties(marked);
    const response = new provider.CreateResponse();
    if (request.getPreview()) {
      const outputs = Object.fromEntries(Object.keys(type.outputs).map(key => [key, unknown]));
      return response.setProperties(toStruct(recordedOutputs(marked, outputs)));
    }
    return recorded(marked, async () => {
      const created = await type.create(this.#context(request, signal, marked), inputs);
      response.setId(created.id);
      return response.setProperties(toStruct(keepSecrets(recordedOutputs(inputs, created.outputs), marked)));
    });
  }

  async #read(request: Messages.ReadRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const markedInputs = fromStruct(request.getInputs());
    const markedOutputs = fromStruct(request.getProperties());
    // Nothing is known at an import alone: a resource whose inputs are all defaults has outputs still.
    const isKnown = Object.keys(markedInputs).length > 0 || Object.keys(markedOutputs).length > 0;
    const known = isKnown ? plainProperties(markedInputs) : undefined;
    const context = this.#context(request, signal, markedInputs);
    const read = await type.read(context, request.getId(), known, plainProperties(markedOutputs));
    const response = new provider.ReadResponse();
    if (!read) return response;
    response.setId(read.id);
    response.setInputs(toStruct(keepSecrets(read.inputs, markedInputs)));
    const outputs = keepSecrets(recordedOutputs(read.inputs, read.outputs), markedInputs, markedOutputs);
    return response.setProperties(toStruct(outputs));
  }

  async #update(request: Messages.UpdateRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const marked = fromStruct(request.getNews());
    const markedOld = fromStruct(request.getOlds());
    const outputs = plainProperties(markedOld);
    const inputs = plainProperties(fromStruct(request.getOldInputs() ?? request.getOlds()));
    const news = plainProperties(marked);
    const response = new provider.UpdateResponse();
    if (request.getPreview()) {
      const anew = type.recomputed?.({inputs, outputs}, news) ?? [];
      const kept = Object.fromEntries(
        Object.keys(type.outputs).map(key => [key, anew.includes(key) ? unknown : markedOld[key]]),
      );
      return response.setProperties(toStruct(recordedOutputs(marked, kept)));
    }
    return recorded(marked, async () => {
      const updated = await type.update(
        this.#context(request, signal, marked),
        request.getId(),
        {inputs, outputs},
        news,
      );
      return response.setProperties(toStruct(keepSecrets(recordedOutputs(news, updated), marked, markedOld)));
    });
  }

  async #delete(request: Messages.DeleteRequest, signal: AbortSignal) {
    const type = this.#type(request.getUrn());
    const markedOutputs = fromStruct(request.getProperties());
    const marked = fromStruct(request.getOldInputs() ?? request.getProperties());
    const context = this.#context(request, signal, marked);
    await type.delete(context, request.getId(), plainProperties(marked), plainProperties(markedOutputs));
    return new empty.Empty();
  }

  #type(urn: string): ResourceType {
    const token = typeOf(urn);
    const type = this.#provider.types.find(candidate => candidate.token === token);
    if (type) return type;
    const served = this.#provider.types.map(candidate => candidate.token).join(", ");
    throw new Error(
      `${token} "${nameOf(urn)}": this type is not served by the bundled plugin (it serves ${served}); ${this.#provider.advice}`,
    );
  }

  #notServed = () => `is not served by the bundled plugin; ${this.#provider.advice}`;

  #context(request: Operation, signal: AbortSignal, inputs: Properties): Context {
    const urn = request.getUrn();
    const seconds = request.getTimeout?.() ?? 0;
    const limit = seconds > 0 ? AbortSignal.timeout(seconds * 1000) : undefined;
    return {
      urn,
      name: nameOf(urn),
      signal: limit ? AbortSignal.any([signal, limit]) : signal,
      secretInputs: hasSecret(inputs),
      log: (severity, message, ephemeral = false) => this.#log(urn, severity, message, ephemeral),
    };
  }
}

function proposal(request: Messages.CheckRequest): Proposal | undefined {
  const options = request.getAutonaming();
  if (!options) return undefined;
  const {Mode} = provider.CheckRequest.AutonamingOptions;
  const mode = options.getMode();
  return {
    name: options.getProposedName(),
    mode: mode === Mode.DISABLE ? "disable" : mode === Mode.ENFORCE ? "enforce" : "propose",
  };
}

/** Runs an operation; its error carries the inputs with their marks, so that a partial failure can be recorded. */
async function recorded<T>(marked: Properties, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw {service: grpcError(error, marked)};
  }
}

const isServiceError = (error: unknown): error is {service: ReturnType<typeof grpcError>} =>
  typeof error === "object" && error !== null && "service" in error;
