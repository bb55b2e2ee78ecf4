import test from "ava";
import {budgetTopology} from "../../test/budget-topology.ts";
import {checkScenario} from "./check.ts";
import {readScenario} from "./read.ts";

const topology = budgetTopology();
const check = (writer: string) =>
  checkScenario(
    readScenario(
      "x/y.yaml",
      `summary: A test.
stack: lab
writer: ${writer}
load: {rows: {workload: sql-append, endpoint: sql}}
verdict: {}
`,
    ),
    topology,
  );

test("the member that takes the writes when the load begins", t => {
  t.notThrows(() => check("{}"));
  t.notThrows(() => check("{galera: galera-1}"));
  t.throws(() => check("{galera: galera-7}"), {
    message: /x\/y\.yaml:3: `writer\.galera` is "galera-7", which galera does not have\. Members: galera-0/,
  });
  t.throws(() => check("{maria: galera-0}"), {message: /`writer\.maria` is "maria", which the stack does not have/});
  t.throws(() => check("{rabbitmq: rabbitmq-0}"), {
    message: /`writer\.rabbitmq` names rabbitmq \(rabbitmq\), which has no writer/,
  });
});
