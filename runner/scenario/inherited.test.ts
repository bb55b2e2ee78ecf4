import test from "ava";
import {InputError} from "../../lib/problems.ts";
import {checkWorkloads} from "./check.ts";
import {readScenario} from "./read.ts";

// What every object has by birth is no key, at any place of a scenario.
const inherited = ["toString", "valueOf", "hasOwnProperty", "constructor", "__proto__", "isPrototypeOf"];
const places: Record<string, (key: string) => string> = {
  "an option": key => text({load: `{workload: sql-append, endpoint: sql, ${key}: 5}`}),
  "an option with a list": key => text({load: `{workload: sql-append, endpoint: sql, ${key}: [5]}`}),
  "a key of the whole": key => text({more: `${key}: 5`}),
  "a key of a fault": key => text({more: `faults: [{at: 1s, kill: {component: a, member: a-0, ${key}: 5}}]`}),
  "a kind of fault": key => text({more: `faults: [{at: 1s, ${key}: {component: a, member: a-0}}]`}),
  "a bound": key => text({verdict: `{${key}: 5}`}),
  "the workload of a bound": key => text({verdict: `{outage: {${key}: 5s}}`}),
  "the workload of an anomaly": key => text({more: `known: [{workload: ${key}, anomaly: lost, because: x}]`}),
  "the name of a workload": key => text({name: key}),
};

function text({load = "{workload: sql-append, endpoint: sql}", verdict = "{}", more = "", name = "rows"}) {
  return `summary: x.\nstack: lab\nload:\n  ${name}: ${load}\nverdict: ${verdict}\n${more}\n`;
}

for (const [place, source] of Object.entries(places))
  for (const key of inherited)
    test(`${key} is not ${place}`, t => {
      const read = () => checkWorkloads(readScenario("x.yaml", source(key)));
      t.throws(read, {instanceOf: InputError, message: /x\.yaml:\d+: /});
    });

test("a list of faults takes 1,000 steps, repeats counted", t => {
  const step = (times: number) =>
    `{at: 1s, for: 10ms, kill: {component: a, member: a-0}, repeat: {times: ${times}, every: 20ms}}`;
  const once = "{at: 1s, kill: {component: a, member: a-0}}";
  const read = (...steps: string[]) => readScenario("x.yaml", text({more: `faults: [${steps.join(", ")}]`}));
  t.notThrows(() => read(step(999), once));
  t.throws(() => read(step(1000), once), {
    message: /`faults` has 1001 steps, repeats counted\. It takes 1000 at most\./,
  });
  t.throws(() => read(...Array.from({length: 1001}, () => once)), {message: /has 1001 steps/});
});
