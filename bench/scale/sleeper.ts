/** Members of one pool. */
export const poolSize = 10;

/** A process that only sleeps, in the least memory that docker gives. Its check is asked once, when it is made. */
export const sleeper = {
  image: "base",
  command: ["sleep", "infinity"],
  user: "65534",
  memory: 16,
  health: {command: ["true"], interval: 3_600_000, timeout: 2000, retries: 2, startLimit: 30_000},
};
