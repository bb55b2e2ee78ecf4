import * as pulumi from "@pulumi/pulumi";
import type {Topology, TopologyNetwork} from "../lib/topology.ts";
import type {Platform} from "../platforms/platform.ts";
import type {Component} from "./component.ts";

/** What a stack exports: the topology document, and the secrets that its endpoints name. */
export interface Published {
  topology: pulumi.Output<Topology>;
  secrets: pulumi.Output<Record<string, string>>;
}

/** Puts the stack's outputs together from its components. */
export function publish(platform: Platform, components: Component[]): Published {
  const networks: TopologyNetwork[] = (["front", "back", "mgmt"] as const).map(
    purpose => platform.network(purpose).document,
  );
  return {
    topology: pulumi.all(components.map(c => c.topology)).apply(described => ({
      version: 1 as const,
      stack: `${pulumi.getProject()}/${pulumi.getStack()}`,
      platform: platform.kind,
      zones: [...platform.zones],
      settings: settings(),
      networks,
      components: described,
    })),
    secrets: pulumi.secret(
      pulumi.all(Object.assign({}, ...components.map(c => c.secrets)) as Record<string, pulumi.Output<string>>),
    ),
  };
}

/** What the program was set to. Secret settings stay out. */
function settings(): Record<string, string> {
  const project = `${pulumi.getProject()}:`;
  const all = Object.entries(pulumi.runtime.allConfig() as Record<string, string>);
  // The engine names secret settings to the program in this variable alone.
  const secret: string[] = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS || "[]");
  return Object.fromEntries(
    all
      .filter(([key]) => key.startsWith(project) && !secret.includes(key))
      .map(([key, value]) => [key.slice(project.length), value]),
  );
}
