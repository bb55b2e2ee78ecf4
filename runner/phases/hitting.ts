import type {Victim} from "../faults/fault.ts";
import type {Kept} from "../faults/kept.ts";
import type {Aim} from "../targets/target.ts";
import type {Rendezvous} from "./rendezvous.ts";

/** What a fault does to one victim. */
export interface Hitting {
  victim: Victim;
  /** In the journal. */
  id: number;
  /** Where a helper keeps its time: how it went, once it is over. */
  kept?: Promise<Kept>;
}

/** How it was seen, and when; without a time it was not. */
export interface Confirmed {
  text: string;
  at?: number;
}

/** A victim and what of it is to end at once. */
export interface Aimed {
  victim: Victim;
  aim: Aim | undefined;
}

/** How a step waits before it hits. */
export interface Waiting {
  /** Waits until the members may be hit; absent: they may be when the step is due. */
  holdBack: ((members: string[]) => Promise<void>) | undefined;
  /** Where it meets others that are due at the same time; all know their victims, and have aimed at them, before the
   *  first is hit. */
  together: Rendezvous | undefined;
}
