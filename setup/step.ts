/** What a step found. `by hand`: Holdfast cannot make it here, the user has to. */
export type Status =
  | {state: "ok"; version: string; from?: string}
  | {state: "will be made"; why: string}
  | {state: "by hand"; why: string};

/** One thing that commands need on this machine. Every step can be repeated. */
export interface Step {
  id: string;
  title: string;
  /** Ids of steps that must be done first. */
  after: string[];
  /** Looks, quickly, and changes nothing. */
  check(): Promise<Status>;
  /** Makes it. `say` tells what it is getting, and from what kind of place. */
  make(say: (line: string) => void): Promise<void>;
  /** What a person types to make it. */
  fix: string;
}

/** How the command line shows progress of steps. */
export interface StepWatcher {
  started(step: Step): void;
  said(step: Step, line: string): void;
  ended(step: Step, ms: number, status: Status | undefined, error?: Error): void;
}
