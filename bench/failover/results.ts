import type {Results} from "../results.ts";
import type {FailoverRun} from "./figures.ts";
import type {Profile} from "./profile.ts";

/** `results/failover-<day>.json`. */
export interface FailoverResults extends Results {
  bench: "failover";
  /** Debian packages of what ran. */
  versions: Record<string, string>;
  profiles: Pick<Profile, "name" | "title" | "settings" | "sources" | "notExpressed">[];
  runs: FailoverRun[];
}
