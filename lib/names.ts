/** Labels that every object of a stack carries, so that it is found and cleaned up by label alone. */
export const labels = {
  /** Project and stack: `lab/lab`. */
  stack: "io.holdfast.stack",
  component: "io.holdfast.component",
  member: "io.holdfast.member",
  zone: "io.holdfast.zone",
  /** `main`, `companion`, `net`, `disk`, `starter`, `job`, `workload`, `toolbox`, `neighbour`; of a volume, `kept`. */
  role: "io.holdfast.role",
  /** Id of the scenario run that started it. */
  run: "io.holdfast.run",
} as const;

/** When docker starts a container of a member again: always, but for one that it was told to stop. */
export const restartPolicy = "unless-stopped";

/** Where a container finds the files that it was given; secrets among them are 0440, the daemon has group 0. */
export const filesDir = "/holdfast";
