/** The fast suite: nothing but this process. What needs a docker engine is in `*.lab.test.ts`, see ava.lab.config.js. */
export default {
  extensions: {ts: "module"},
  files: ["**/*.test.ts", "!**/*.lab.test.ts"],
};
