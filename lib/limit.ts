import {setTimeout as sleep} from "node:timers/promises";
import {showMs} from "./durations.ts";

/** Something was not done within its limit. The message says what was waited for and what was last seen. */
export class LimitError extends Error {
  override name = "LimitError";
}

/** The promise's value, or a {@link LimitError} after `ms`. */
export async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const limit = sleep(ms, undefined, {signal: over.signal}).then(
    () => Promise.reject(new LimitError(`${what} took longer than ${showMs(ms)}.`)),
    () => new Promise<never>(() => {}),
  );
  try {
    return await Promise.race([promise, limit]);
  } finally {
    over.abort();
  }
}

/** The promise's value, or the signal's reason as soon as it is aborted. What the promise still does by then is left
 *  behind, so it is for questions and waits, not for what must be undone. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  if (!signal) return promise;
  const {promise: cut, reject} = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, {once: true});
  if (signal.aborted) stop();
  try {
    return await Promise.race([cut, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
    promise.catch(() => {});
  }
}

/** What one look at the world gave: done with a value, or what was seen instead. */
export type Look<T> = {done: T} | {seen: string};

/** Looks again and again until it is done. Throws a {@link LimitError} with what was last seen, or the signal's reason,
 *  even in the middle of a look. */
export async function until<T>(
  what: string,
  options: {limitMs: number; everyMs: number; signal?: AbortSignal},
  look: () => Promise<Look<T>>,
): Promise<T> {
  const end = performance.now() + options.limitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await unlessAborted(options.signal, look());
    if ("done" in found) return found.done;
    if (performance.now() + options.everyMs >= end)
      throw new LimitError(`${what}: not within ${showMs(options.limitMs)}. Last seen: ${found.seen}.`);
    await sleep(options.everyMs, undefined, {signal: options.signal});
  }
}
