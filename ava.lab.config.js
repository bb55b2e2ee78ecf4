/** Tests against a real docker engine: one after the other, with limits for a slow machine. */
export default {
  extensions: {ts: "module"},
  files: ["**/*.lab.test.ts"],
  concurrency: 1,
  serial: true,
  // A burst takes the processor before everybody else, which only the first thread of a process can.
  workerThreads: false,
  timeout: "20m",
};
