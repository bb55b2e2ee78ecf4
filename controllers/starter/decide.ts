/** A container of the stack that does not run and joins the network of another one, as the engine describes it. */
export interface Down {
  id: string;
  name: string;
  /** Why its last start failed; empty where the last start did not fail, whatever ended it afterwards. */
  error: string;
  /** Docker's restart policy. */
  restart: string;
  /** The container that holds its network, and whether that runs. */
  holder: {name: string; runs: boolean};
}

/** What was tried for one container so far. */
export interface Tries {
  count: number;
  /** Not before then, in milliseconds of the same clock as `now`. */
  next: number;
}

/** So often a container is started; then a person has to look at it. With the pauses below these are about seven
 *  minutes. */
export const mostTries = 20;

/** Pause after the first failed start, in milliseconds. It doubles. */
const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** What docker says of a start that failed because the container whose network is joined did not run: docker 20.10,
 *  docker 28, and of one that was about to be started again. */
const tooEarly =
  /cannot join network (namespace )?of a non running container|is restarting, wait until the container is running/;

/** Whether docker tried to start it by itself and gave up because the holder of its network was not up. What was
 *  stopped or killed has no such error: docker drops the error with every start that works. */
export function leftDown({error, restart}: Pick<Down, "error" | "restart">): boolean {
  return (restart === "unless-stopped" || restart === "always") && tooEarly.test(error);
}

/** Those to start now: left down, their network is there, and the next try is due. */
export function toStart(down: readonly Down[], tries: ReadonlyMap<string, Tries>, now: number): Down[] {
  return down.filter(one => {
    const {count, next} = tries.get(one.id) ?? {count: 0, next: now};
    return leftDown(one) && one.holder.runs && count < mostTries && next <= now;
  });
}

/** After a start that failed. */
export function failedOnce(before: Tries | undefined, now: number): Tries {
  const count = (before?.count ?? 0) + 1;
  return {count, next: now + Math.min(firstPauseMs * 2 ** (count - 1), longestPauseMs)};
}
