import type {Kind} from "../lib/kind.ts";
import {either, InputError, show} from "../lib/problems.ts";
import type {Topology} from "../lib/topology.ts";
import {galera} from "./galera/kind.ts";
import {http} from "./http/kind.ts";
import {memcached} from "./memcached/kind.ts";
import {rabbitmq} from "./rabbitmq/kind.ts";
import {virtualip} from "./virtualip/kind.ts";

/** Every kind of component there is. A new one is a folder and a line here. Roles and operations are shown in this
 *  order. */
export const kinds: readonly Kind[] = [galera, virtualip, rabbitmq, memcached, http];

/** The kind of that name. Errors: there is none. */
export function kindOf(name: string): Kind {
  const found = kinds.find(kind => kind.name === name);
  if (!found) throw new InputError("kind", [{path: "", message: unknown(name)}]);
  return found;
}

/** Refuses a topology that has components of kinds which this version does not know; every one is told at once. */
export function refuseUnknownKinds({stack, components}: Pick<Topology, "stack" | "components">): void {
  const strange = components.filter(({kind}) => !kinds.some(({name}) => name === kind));
  if (strange.length === 0) return;
  const problems = strange.map(({name, kind}) => ({
    path: `${name}.kind`,
    message: `${unknown(kind)} Use the Holdfast that made the stack, or add the kind to components/kinds.ts.`,
  }));
  throw new InputError(`topology of ${stack}`, problems);
}

const unknown = (name: string): string => `is ${show(name)}. It takes ${either(kinds.map(kind => kind.name))}.`;
