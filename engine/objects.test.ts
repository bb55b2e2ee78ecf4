import test from "ava";
import {type StackObject, stoppedProcesses} from "./objects.ts";

const container = (name: string, role: string, state: string): StackObject => ({
  kind: "container",
  id: name,
  name,
  role,
  state,
});

test("what is down is started in order: the network first, the starter of the stack last", t => {
  const objects = [
    container("starter", "starter", "exited"),
    container("galera-0-watcher", "companion", "exited"),
    container("galera-0", "main", "exited"),
    container("galera-0-net", "net", "exited"),
    container("galera-1", "main", "running"),
    container("galera-2", "main", "restarting"),
    container("galera-bootstrap", "job", "exited"),
    container("holdfast-x", "workload", "exited"),
  ];
  t.deepEqual(
    stoppedProcesses(objects).map(o => o.name),
    ["galera-0-net", "galera-0", "galera-0-watcher", "starter"],
  );
});
