const units: Record<string, number> = {ms: 1, s: 1000, m: 60_000, h: 3_600_000};

/** Milliseconds of `250ms`, `1.5s`, `2m` or `1h`; undefined when it is not a duration (a unit is required). */
export function durationMs(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) : null;
  return match ? Math.round(Number(match[1]) * units[match[2]!]!) : undefined;
}

/** A duration for people: `240 ms`, `2.41 s`, `3 min 20 s`, `2 h 5 min`; with `more` digits than that, from a minute on
 *  in seconds. */
export function showMs(ms: number, more = 0): string {
  if (ms < 1000) return `${more > 0 ? ms.toFixed(more) : Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed((ms < 10_000 ? 2 : 1) + more)} s`;
  if (more > 0) return `${(ms / 1000).toFixed(more - 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return two(seconds, 60, "min", "s");
  return two(Math.round(seconds / 60), 60, "h", "min");
}

/** `3 min 20 s`, `3 min`. */
function two(n: number, of: number, large: string, small: string): string {
  return `${Math.floor(n / of)} ${large}${n % of ? ` ${n % of} ${small}` : ""}`;
}

/** Operations a second of `200/s` or `30/m`; undefined when it is not a rate. */
export function ratePerSecond(text: unknown): number | undefined {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text) : null;
  return match ? Number(match[1]) / (match[2] === "m" ? 60 : 1) : undefined;
}
