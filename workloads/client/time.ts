/** Unix time in milliseconds with fraction, from the monotonic clock. */
export function now(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 100) / 100;
}

export function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** What time it is, and a call after some of it. A test gives one that it moves by hand. */
export interface Clock {
  now(): number;
  /** Calls after that many milliseconds, unless what it returns is called before. */
  after(ms: number, call: () => void): () => void;
}

export const realClock: Clock = {
  now,
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

/** A limit passed. */
export class TimeoutError extends Error {
  readonly code = "timeout";
}

/** The promise, or a {@link TimeoutError} after that many milliseconds. `late` is called when the limit passed. */
export async function within<T>(
  ms: number,
  what: string,
  promise: Promise<T>,
  late?: () => void,
  clock: Clock = realClock,
): Promise<T> {
  const {promise: limit, reject} = Promise.withResolvers<never>();
  const cancel = clock.after(ms, () => {
    reject(new TimeoutError(`${what} took more than ${ms} ms`));
    late?.();
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    cancel();
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
