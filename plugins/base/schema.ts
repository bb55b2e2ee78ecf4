import type {Provider} from "./resource.ts";
import type {Shape, Table} from "./table.ts";

type Json = Record<string, unknown>;

/** The package schema made from the tables: `pulumi import` and editors read it. */
export function schema(provider: Provider): string {
  const types: Json = {};
  const resources: Json = {};
  for (const type of provider.types) {
    const prefix = type.token.split(":").at(-1)!;
    const inputs = properties(provider, types, prefix, type.inputs);
    resources[type.token] = {
      description: type.summary,
      inputProperties: inputs,
      requiredInputs: required(type.inputs).filter(key => !(type.autoname && key === "name")),
      properties: {...inputs, ...properties(provider, types, prefix, type.outputs)},
      required: required(type.inputs),
    };
  }
  return JSON.stringify({
    name: provider.name,
    version: provider.version,
    config: {variables: properties(provider, types, "Provider", provider.config)},
    provider: {inputProperties: properties(provider, types, "Provider", provider.config)},
    types,
    resources,
  });
}

const required = (table: Table) => Object.keys(table).filter(key => table[key]!.required);

function properties(provider: Provider, types: Json, prefix: string, table: Table): Json {
  const result: Json = {};
  for (const [key, property] of Object.entries(table)) {
    const name = prefix + key[0]!.toUpperCase() + key.slice(1);
    result[key] = {
      ...shapeSchema(provider, types, name, property.shape),
      ...(property.replace ? {willReplaceOnChanges: true} : {}),
      ...(property.secret ? {secret: true} : {}),
    };
  }
  return result;
}

function shapeSchema(provider: Provider, types: Json, name: string, shape: Shape): Json {
  if (shape === "duration") return {type: "string"};
  if (typeof shape === "string") return {type: shape};
  if ("list" in shape) return {type: "array", items: shapeSchema(provider, types, name, shape.list)};
  if ("map" in shape) {
    return {type: "object", additionalProperties: shapeSchema(provider, types, name, shape.map)};
  }
  const token = `${provider.name}:index/${name}:${name}`;
  types[token] = {
    type: "object",
    properties: properties(provider, types, name, shape.object),
    required: required(shape.object),
  };
  return {$ref: `#/types/${token}`};
}
