/** Tests against a real docker engine: one after the other, with limits for a slow machine. */
export default {
  extensions: {ts: "module"},
  files: ["**/*.lab.test.ts"],
  concurrency: 1,
  serial: true,
  timeout: "20m",
};
