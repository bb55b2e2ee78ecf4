import {type Down, failedOnce, leftDown, mostTries, type Tries, toStart} from "./decide.ts";

/** What the starter needs of the engine. */
export interface EngineCalls {
  down(label: string): Promise<Down[]>;
  start(id: string): Promise<void>;
}

/** So long the engine may give no answer, in milliseconds. Then the starter ends: docker starts it again, with the
 *  socket that is there then. */
export const silenceMs = 60_000;

/** Looks at one stack, again and again, and starts what docker left down. Says what it does, once. */
export class Starter {
  readonly #engine: EngineCalls;
  readonly #label: string;
  readonly #say: (line: string) => void;
  readonly #tries = new Map<string, Tries>();
  readonly #said = new Map<string, string>();
  #answered: number;

  /** `label`: `io.holdfast.stack=lab/lab`. `now`: milliseconds. */
  constructor(engine: EngineCalls, label: string, say: (line: string) => void, now: number) {
    this.#engine = engine;
    this.#label = label;
    this.#say = say;
    this.#answered = now;
  }

  /** Errors: the engine has not answered for {@link silenceMs}. */
  async look(now: number): Promise<void> {
    let down: Down[];
    try {
      down = (await this.#engine.down(this.#label)).filter(leftDown);
      this.#answered = now;
    } catch (error) {
      const why = `the engine does not answer: ${(error as Error).message}`;
      if (now - this.#answered >= silenceMs) throw new Error(why);
      this.#sayOnce("engine", why);
      return;
    }
    this.#forget(down);
    for (const {id, name, holder} of down)
      if (!holder.runs) this.#sayOnce(id, `${name} waits for ${holder.name}, whose network it joins`);
    await Promise.all(toStart(down, this.#tries, now).map(one => this.#start(one, now)));
  }

  async #start({id, name, holder}: Down, now: number): Promise<void> {
    try {
      await this.#engine.start(id);
      this.#say(`started ${name}: docker had tried before ${holder.name} was up`);
    } catch (error) {
      const tries = failedOnce(this.#tries.get(id), now);
      this.#tries.set(id, tries);
      const why = (error as Error).message;
      if (tries.count < mostTries) this.#say(`could not start ${name} (try ${tries.count} of ${mostTries}): ${why}`);
      else
        this.#say(
          `gives up on ${name} after ${mostTries} tries (${why}). Look at docker inspect ${name}, then heal the stack`,
        );
    }
  }

  /** What runs meanwhile, or is gone, begins anew. */
  #forget(down: readonly Down[]): void {
    const there = new Set(down.map(({id}) => id));
    for (const id of this.#tries.keys()) if (!there.has(id)) this.#tries.delete(id);
    for (const id of this.#said.keys()) if (!there.has(id)) this.#said.delete(id);
  }

  #sayOnce(about: string, line: string): void {
    if (this.#said.get(about) === line) return;
    this.#said.set(about, line);
    this.#say(line);
  }
}
