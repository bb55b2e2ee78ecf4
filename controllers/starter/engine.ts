import {request} from "node:http";
import type {Down} from "./decide.ts";

/** Longest time for one answer of the engine, in milliseconds. A start takes a moment under load. */
const limitMs = 30_000;

interface Summary {
  Id: string;
  HostConfig?: {NetworkMode?: string};
}

interface Inspected {
  Id: string;
  Name: string;
  State: {Status: string; Error?: string; Running: boolean; Restarting?: boolean};
  HostConfig: {NetworkMode?: string; RestartPolicy?: {Name?: string}};
}

/** The three calls of docker's API that the starter makes. Errors: the engine refuses, or does not answer within 30
 *  s. */
export class Engine {
  readonly #socketPath: string;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  /** Containers with the label that do not run and join the network of another one. */
  async down(label: string): Promise<Down[]> {
    const filters = JSON.stringify({label: [label], status: ["exited", "created"]});
    const listed = (await this.#ask(
      "GET",
      `/containers/json?all=1&filters=${encodeURIComponent(filters)}`,
    )) as Summary[];
    const joining = listed.filter(({HostConfig}) => HostConfig?.NetworkMode?.startsWith("container:"));
    const looked = await Promise.all(joining.map(({Id}) => this.#look(Id)));
    return looked.filter(one => one !== undefined);
  }

  /** Starts it; nothing happens where it runs already. */
  async start(id: string): Promise<void> {
    await this.#ask("POST", `/containers/${id}/start`);
  }

  async #look(id: string): Promise<Down | undefined> {
    const one = await this.#inspect(id);
    if (!one) return undefined;
    const holder = await this.#inspect(one.HostConfig.NetworkMode!.slice("container:".length));
    return {
      id: one.Id,
      name: one.Name.slice(1),
      error: one.State.Error ?? "",
      restart: one.HostConfig.RestartPolicy?.Name ?? "",
      holder: {
        name: holder?.Name.slice(1) ?? "a container that is gone",
        runs: holder?.State.Running === true && !holder.State.Restarting,
      },
    };
  }

  /** Undefined where it is gone. */
  async #inspect(id: string): Promise<Inspected | undefined> {
    return (await this.#ask("GET", `/containers/${id}/json`, 404)) as Inspected | undefined;
  }

  /** The answer as JSON; undefined where it has the status `but`, or no content. */
  #ask(method: string, path: string, but?: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // A connection that is kept may be one of an engine that ended.
      const asking = request({socketPath: this.#socketPath, agent: false, method, path, timeout: limitMs}, answer => {
        let text = "";
        answer.setEncoding("utf8").on("data", chunk => (text += chunk));
        answer.once("error", reject);
        answer.once("end", () => {
          const status = answer.statusCode ?? 0;
          if (status === but || status === 304) resolve(undefined);
          else if (status >= 400) reject(new Error(`${status} ${messageIn(text)}`));
          else resolve(text === "" ? undefined : JSON.parse(text));
        });
      });
      asking.once("timeout", () => asking.destroy(new Error(`no answer to ${method} within ${limitMs / 1000} s`)));
      asking.once("error", reject);
      asking.end();
    });
  }
}

function messageIn(text: string): string {
  try {
    return String((JSON.parse(text) as {message?: unknown}).message);
  } catch {
    return text.trim();
  }
}
