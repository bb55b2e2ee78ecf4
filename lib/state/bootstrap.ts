import type {ComponentKind} from "../topology.ts";

/** What makes the data of a new cluster in an empty volume, inside an image of that kind of component: its bootstrap one-shot. Kinds that are not
 *  here have no data of their own, or no cluster. */
const commands: Partial<Record<ComponentKind, string[]>> = {
  galera: ["galera-bootstrap"],
  rabbitmq: ["/opt/holdfast/holdfast-first"],
};

/** The bootstrap one-shot of that kind; undefined where it has none. */
export function bootstrapOf(kind: ComponentKind): string[] | undefined {
  return commands[kind];
}
