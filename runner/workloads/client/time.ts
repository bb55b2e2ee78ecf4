/** Unix time in milliseconds with fraction, from the monotonic clock. */
export function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 100) / 100;
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** A limit passed. */
export class TimeoutError extends Error {
  readonly code = "timeout";
}

/** The promise, or a {@link TimeoutError} after that many milliseconds. `late` is called when the limit passed. */
export async function within<T>(ms: number, what: string, promise: Promise<T>, late?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TimeoutError(`${what} took more than ${ms} ms`));
      late?.();
    }, ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tries until it succeeds or the deadline (Unix milliseconds) has passed; then the last error is thrown. */
export async function until<T>(deadline: number, pauseMs: number, attempt: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await within(Math.max(1, deadline - now()), "the attempt", attempt());
    } catch (error) {
      if (now() + pauseMs >= deadline) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Short class of an error: its code where it has one, else its first words. */
export function classOf(error: unknown): string {
  const {code, message} = (error ?? {}) as {code?: unknown; message?: unknown};
  if (typeof code === "string" && code) return code;
  return String(message ?? error).slice(0, 60);
}
