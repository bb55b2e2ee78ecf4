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
  /** What a person should know, in sentences. Empty when all is as it should be. */
  findings: string[];
}
