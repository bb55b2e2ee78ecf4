import type {Provider} from "../base/resource.ts";
import {configureDocker} from "./client.ts";
import {container} from "./container.ts";
import {image} from "./image.ts";
import {network} from "./network.ts";
import {volume} from "./volume.ts";

/** Version of `@pulumi/docker` whose types are served. */
export const version = "5.2.0";

/** The bundled docker plugin. */
export const dockerProvider: Provider = {
  name: "docker",
  version,
  config: {host: {shape: "string"}},
  configure: configureDocker,
  types: [network, volume, container, image],
  advice: `leave it out, or install the official plugin: pulumi plugin install resource docker ${version}`,
};
