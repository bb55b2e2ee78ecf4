import test from "ava";
import {sessionsOf, setServer} from "./orders.ts";

const stat =
  "# pxname,svname,qcur,qmax,scur,smax\nsql,FRONTEND,,,4,4\nsql,galera-0,0,0,3,4\nsql,galera-1,0,0,0,0\nsql,BACKEND,0,0,3,4\n\n";

test("sessions of one server", t => {
  const {parse} = sessionsOf("sql", "galera-0");
  t.is(parse({code: 0, stdout: stat, stderr: ""}), 3);
  t.is(sessionsOf("sql", "galera-1").parse({code: 0, stdout: stat, stderr: ""}), 0);
  t.is(sessionsOf("sql", "galera-9").parse({code: 0, stdout: stat, stderr: ""}), undefined);
  t.is(parse({code: 1, stdout: "", stderr: "refused"}), undefined);
});

test("HAProxy says nothing to an order that it takes", t => {
  const {parse} = setServer("sql", "galera-0", "drain");
  t.true(parse({code: 0, stdout: "\n", stderr: ""}));
  t.false(parse({code: 0, stdout: "No such server.\n\n", stderr: ""}));
});
