/** The fast suite: nothing but this process. What needs a docker engine is in `*.lab.test.ts`, see
 *  ava.lab.config.js. */
export default {
  extensions: {ts: "module"},
  // Without a sign of life for this long; a busy machine needs more than the usual 10 s.
  timeout: "2m",
  files: ["**/*.test.ts", "!**/*.lab.test.ts"],
};
