import {unlessAborted} from "../../lib/limit.ts";
import type {Target} from "../targets/target.ts";
import {Salvo} from "./salvo.ts";

/** Where so many steps that are due at the same time wait for each other, again and again. */
export class Rendezvous {
  /** What those who meet here end in one instant. */
  readonly salvo: Salvo;
  #size: number;
  #missing: number;
  #all = Promise.withResolvers<void>();

  constructor(size: number, target: Target) {
    this.salvo = new Salvo(target);
    this.#size = size;
    this.#missing = size;
  }

  /** Returns when all have come, or throws when the run is aborted. */
  async meet(signal: AbortSignal): Promise<void> {
    const {promise} = this.#all;
    this.#come();
    await unlessAborted(signal, promise);
  }

  /** Who cannot do its step keeps the others not waiting, now and later. */
  leave(): void {
    this.#size--;
    this.#come();
  }

  #come(): void {
    this.#missing--;
    if (this.#missing > 0) return;
    this.#all.resolve();
    this.#all = Promise.withResolvers();
    this.#missing = this.#size;
  }
}
