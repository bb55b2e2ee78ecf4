import struct from "google-protobuf/google/protobuf/struct_pb.js";
import {type Properties, wire} from "./values.ts";

/** Properties as the wire carries them. */
export const toStruct = (properties: Properties) =>
  struct.Struct.fromJavaScript(wire(properties) as Parameters<typeof struct.Struct.fromJavaScript>[0]);

/** Properties from the wire; an absent message is an empty object. */
export const fromStruct = (message: {toJavaScript(): object} | undefined): Properties =>
  (message?.toJavaScript() ?? {}) as Properties;
