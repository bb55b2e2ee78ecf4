import type {Change} from "./diff.ts";
import type {Table} from "./table.ts";
import type {Properties} from "./values.ts";

/** What an operation on a resource is given besides its properties. */
export interface Context {
  urn: string;
  /** Name of the resource in the program. */
  name: string;
  /** Aborted when the user interrupts the update, when its custom timeout is over or when the engine is gone. */
  signal: AbortSignal;
  /** Some input is marked as secret. */
  secretInputs: boolean;
  /** A line for the user. An ephemeral one is only shown while the resource is worked on. */
  log(severity: "info" | "warning", message: string, ephemeral?: boolean): void;
}

export interface Created {
  id: string;
  /** Computed outputs; the inputs are recorded besides. */
  outputs: Properties;
}

export interface Read extends Created {
  /** What the resource is like now, in the form of its inputs. */
  inputs: Properties;
}

/** How one resource type is served. Inputs and outputs come plain: the server keeps the marks of secrets. */
export interface ResourceType {
  token: string;
  summary: string;
  inputs: Table;
  /** Outputs besides the inputs; unknown in the preview of a create. */
  outputs: Table;
  /** The name is made up when the program gives none. */
  autoname?: boolean;
  /** The new one cannot be made while the old one is there when this input stays the same. Default `name`. */
  collidesOn?: string;
  /** Problems beyond the table; a preview passes unknown values. */
  check?(inputs: Properties, context: Context): string[] | Promise<string[]>;
  /** Changes beyond the table, and corrections of its own. */
  diff?(
    changes: Change[],
    old: {inputs: Properties; outputs: Properties},
    news: Properties,
    context: Context,
  ): Change[];
  /** Outputs that this update would make anew: unknown in its preview. All others are shown as they are. */
  recomputed?(old: {inputs: Properties; outputs: Properties}, news: Properties): string[];
  create(context: Context, inputs: Properties): Promise<Created>;
  /** Undefined: it is gone. Without inputs: an import. */
  read(context: Context, id: string, inputs: Properties | undefined, outputs: Properties): Promise<Read | undefined>;
  /** Gives the computed outputs. */
  update(
    context: Context,
    id: string,
    old: {inputs: Properties; outputs: Properties},
    news: Properties,
  ): Promise<Properties>;
  delete(context: Context, id: string, inputs: Properties, outputs: Properties): Promise<void>;
}

/** The resource is there but not as it should be: it is recorded, and the next update takes it up again. */
export class PartialError extends Error {
  readonly id: string;
  readonly outputs: Properties;
  constructor(id: string, outputs: Properties, message: string) {
    super(message);
    this.id = id;
    this.outputs = outputs;
  }
}

/** One plugin: its name, version, configuration and types. */
export interface Provider {
  name: string;
  version: string;
  /** Settings of the provider itself, all optional. */
  config: Table;
  /** Called before the first operation with the settings. */
  configure(settings: Properties): void;
  types: ResourceType[];
  /** What to do about an input that is not served. */
  advice: string;
}
