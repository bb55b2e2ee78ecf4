/** Something about a stack that makes outages longer than they need be, or loses data. */
export interface Lint {
  /** `error`: it will not survive what it is there for. `warning`: it costs time, or may. */
  level: "error" | "warning";
  /** A short name of the rule: `quorum`. */
  rule: string;
  component: string;
  /** A sentence or two: what is there, what follows, what to do. */
  text: string;
}
