import type {Finding, WorkloadResult} from "../result.ts";

/** What a checker found in a history. A figure that could not be known is absent, never zero. */
export interface Check {
  /** Acknowledged, and not there at the final read. */
  lost?: number;
  /** Copies beyond the first at the final read. */
  duplicates?: number;
  /** Not acknowledged, yet there: unknown or failed operations that landed. */
  recovered?: number;
  /** Share of reads that hit, 0 to 1. */
  hitRate?: number;
  /** Delivered after something that was written later. */
  outOfOrder?: number;
  /** Operations by route and outcome, and by who answered. */
  routes?: WorkloadResult["routes"];
  servers?: WorkloadResult["servers"];
  /** Anomalies, each a fail unless the scenario names it as known. Empty when all is as it should be. What `lost` and
   *  `duplicates` count is no finding of its own: those have bounds. */
  findings: Finding[];
  /** What a person should know besides, in sentences: why a figure is absent, how much was looked at. */
  notes?: string[];
}
