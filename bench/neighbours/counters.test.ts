import test from "ava";
import {type Counters, downsOf, falseAlarms, viewsOf} from "./counters.ts";

const counters: Counters = {
  galeraViews: {"galera-0": 3, "galera-1": 3},
  serversDown: {"vip-0 sql/galera-0": 2, "vip-0 sql/galera-1": 0},
  incarnations: {"galera-0 main": "a", "vip-0 main": "b"},
};
const quiet = {keepalived: "", rabbitmq: ""};

test("nothing happened", t => {
  t.deepEqual(falseAlarms(counters, counters, quiet), {
    ...{galeraViews: 0, holderChanges: 0, serversDown: 0, rabbitmqDown: 0, restarts: 0},
  });
});

test("what counted up counts, a counter that began anew as it is", t => {
  const after: Counters = {
    galeraViews: {"galera-0": 5, "galera-1": 1},
    serversDown: {"vip-0 sql/galera-0": 1, "vip-0 sql/galera-1": 2},
    incarnations: {"galera-0 main": "a", "vip-0 main": "c"},
  };
  const logs = {
    keepalived: "(vip) Entering BACKUP STATE (init)\n(vip) Entering MASTER STATE\n(vip) Entering MASTER STATE\n",
    rabbitmq: [
      "2026-01-01 00:00:00 [info] <0.1.0> node 'rabbit@rabbitmq-1.internal' down: net_tick_timeout",
      "2026-01-01 00:00:00 [info] <0.1.0> node 'rabbit@rabbitmq-1.internal' up",
      "2026-01-01 00:00:00 [error] <0.1.0> Partial partition detected:",
    ].join("\n"),
  };
  t.deepEqual(falseAlarms(counters, after, logs), {
    ...{galeraViews: 2, holderChanges: 2, serversDown: 3, rabbitmqDown: 2, restarts: 1},
  });
});

test("how often a server was taken out, from HAProxy's own list", t => {
  const csv = [
    "# pxname,svname,status,chkfail,chkdown,lastchg,",
    "sql,FRONTEND,OPEN,,,,",
    "sql,galera-0,UP,7,2,10,",
    "sql,galera-1,UP,0,0,10,",
    "sql,BACKEND,UP,,1,10,",
    "",
  ].join("\n");
  t.deepEqual(downsOf(csv), {"sql/galera-0": 2, "sql/galera-1": 0});
});

test("how many views a member has seen", t => {
  t.is(viewsOf("wsrep_cluster_conf_id\t14\n"), 14);
  t.is(viewsOf("ERROR 2002"), undefined);
});
