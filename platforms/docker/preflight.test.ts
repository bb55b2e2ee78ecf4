import test from "ava";
import {type LoopSupport, loopTrouble, type OtherNetwork, standsElsewhere, takenBy} from "./preflight.ts";

const networks: OtherNetwork[] = [
  {name: "bridge", subnets: ["172.17.0.0/16"], labels: {}},
  {name: "host", subnets: [], labels: {}},
  {name: "lab-front", subnets: ["198.18.64.0/24"], labels: {"io.holdfast.stack": "lab/lab"}},
  {name: "lab-back", subnets: ["198.18.65.0/24"], labels: {"io.holdfast.stack": "lab/lab"}},
];

test("its own networks are no obstacle", t => t.deepEqual(takenBy("lab/lab", "198.18.64.0/22", networks), []));

test("a free subnet is taken", t => t.deepEqual(takenBy("lab/second", "198.18.68.0/22", networks), []));

test("each network of another stack that overlaps is named, with what to do", t => {
  const problems = takenBy("lab/second", "198.18.64.0/22", networks);
  t.deepEqual(
    problems.map(p => p.path),
    ["subnet", "subnet"],
  );
  t.regex(
    problems[0]!.message,
    /overlaps 198\.18\.64\.0\/24 of the docker network lab-front \(stack lab\/lab\)\. .*--config subnet=/,
  );
});

test("a stack stays on the subnet that it stands on", t => {
  const stands = (stack: string, subnet: string) => standsElsewhere(stack, subnet, networks).map(p => p.message);
  t.deepEqual(stands("lab/lab", "198.18.64.0/22"), []);
  t.deepEqual(stands("lab/second", "198.18.68.0/22"), [], "it does not stand yet");
  const [message, ...more] = stands("lab/lab", "198.18.68.0/22");
  t.deepEqual(more, []);
  t.regex(message!, /stands on 198\.18\.64\.0\/24, 198\.18\.65\.0\/24\. .*`\.\/holdfast down lab`/);
  t.deepEqual(
    stands("lab/lab", "198.18.64.0/21"),
    [],
    "a larger one that begins at the same address has the same networks",
  );
  t.is(stands("lab/lab", "198.18.0.0/16").length, 1, "a larger one that begins elsewhere has others");
});

test("disks on loop devices are refused where the engine cannot make them, with the way out", t => {
  const told = (support: LoopSupport) => loopTrouble(support).map(p => `\`${p.path}\` ${p.message}`);
  t.deepEqual(told({securityOptions: ["name=seccomp,profile=default"], loopControl: true}), []);
  t.deepEqual(told({securityOptions: [], loopControl: undefined}), [], "an engine elsewhere is asked by making one");
  t.regex(told({securityOptions: [], loopControl: false})[0]!, /^`disk` is "loop".*modprobe loop.*disk=memory/);
  t.regex(told({securityOptions: ["name=rootless"], loopControl: true})[0]!, /rootless.*runs as root/);
  t.regex(told({securityOptions: ["name=userns"], loopControl: true})[0]!, /userns-remap/);
});
