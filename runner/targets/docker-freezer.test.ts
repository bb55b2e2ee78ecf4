import test from "ava";
import {freezerFile} from "./docker-freezer.ts";

test("the freezer of a container by the version of its control groups", t => {
  t.deepEqual(freezerFile("12:pids:/docker/abc\n3:freezer:/docker/abc\n0::/docker/abc\n"), {
    file: "/sys/fs/cgroup/freezer/docker/abc/freezer.state",
    words: {frozen: "FROZEN", thawed: "THAWED"},
  });
  t.deepEqual(freezerFile("0::/system.slice/docker-abc.scope\n"), {
    file: "/sys/fs/cgroup/system.slice/docker-abc.scope/cgroup.freeze",
    words: {frozen: "1", thawed: "0"},
  });
});
