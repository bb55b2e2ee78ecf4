import type {Results} from "../results.ts";

/** One size of one program, in milliseconds of each repeat. */
export interface ScaleFigures {
  program: "members" | "plain";
  members: number;
  /** Resources in the state. */
  resources: number;
  previewMs: number[];
  upMs: number[];
}

/** `results/scale-<day>.json`. */
export interface ScaleResults extends Results {
  bench: "scale";
  figures: ScaleFigures[];
}
