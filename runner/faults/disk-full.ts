import type {Look} from "../../lib/limit.ts";
import type {TopologyMember} from "../../lib/topology.ts";
import {candidates} from "../roles/find.ts";
import type {Target} from "../targets/target.ts";
import {allRun, type Fault, type Victim} from "./fault.ts";

const limitMs = 60_000;
const file = "holdfast-fill";

/** Large steps until nothing more fits, then small ones. */
const fill = `dd if=/dev/zero of=${file} bs=1M 2>/dev/null; dd if=/dev/zero of=${file} bs=4k oflag=append conv=notrunc 2>/dev/null; true`;

/** Exit code 5 when there is room for one more mebibyte. */
const probe = `dd if=/dev/zero of=${file}.probe bs=1M count=1 2>/dev/null; code=$?
rm -f ${file}.probe
[ $code = 0 ] && exit 5
df -Pk . | awk 'END {print $4}'`;

/** Only where the disk has a size of its own: any other is the machine's. */
export const diskFull: Fault = {
  kind: "disk-full",
  does: "The member's own disk is filled up until healed.",
  passing: false,
  burdensMachine: true,
  fits(topology, _, where) {
    const members = candidates(topology, where);
    const without = members.filter(member => !member.handle.disk);
    if (without.length === 0 || (!("component" in where) && without.length < members.length)) return [];
    const who = without[0]!.name;
    return [
      {
        key: "",
        message: `cannot be done to ${who}: its disk is the machine's, which would be filled up. Give members a disk of their own (\`diskMb\`; of the lab: \`./holdfast up lab --config diskMb=1024\`).`,
      },
    ];
  },
  // Of a zone, those that have one.
  plan: placed => placed.filter(({member}) => member.handle.disk).map(({member}) => ({member, params: {}})),
  async inject(target, {member}) {
    await run(target, member, fill);
  },
  async evidence(target, victim): Promise<Look<string>> {
    const {code, stdout} = await target.onDisk(victim.member, probe, limitMs);
    if (code === 5) return {seen: "there is room on its disk"};
    return {
      done: `${victim.member.name}: a write of 1 MiB fails, ${stdout.trim()} KiB are free${died(await target.look(victim.member))}`,
    };
  },
  async heal(target, {member}) {
    await run(target, member, `rm -f ${file} ${file}.probe`);
    await target.start(member);
  },
  async healed(target, hit) {
    const {code} = await target.onDisk(hit.member, `[ ! -e ${file} ]`, limitMs);
    return code === 0 ? allRun(target, hit) : {seen: `${file} is still there`};
  },
};

async function run(target: Target, member: TopologyMember, script: string): Promise<void> {
  const {code, stderr} = await target.onDisk(member, script, limitMs);
  if (code !== 0)
    throw new Error(`${member.name}: its disk could not be changed: ${stderr.trim() || `exit code ${code}`}`);
}

function died(looks: Victim["before"]): string {
  const down = looks.filter(look => !look.running).map(look => look.process);
  return down.length > 0 ? `; ${down.join(", ")} ended` : "";
}
