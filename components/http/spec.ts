import type {HealthSpec, MemberSpec} from "../../platforms/platform.ts";
import {zoneOf} from "../component.ts";
import type {FilledHttpService} from "./args.ts";
import {healthCommand} from "./state.ts";

const health: HealthSpec = {command: healthCommand, interval: 5000, timeout: 3000, retries: 2, startLimit: 30_000};

/** Name, zone and address of every member, or of as many as there may be. */
export function plan(component: string, {platform, members, firstZone}: FilledHttpService, size = members) {
  return Array.from({length: size}, (_, i) => ({
    name: `${component}-${i}`,
    zone: zoneOf(platform, i, firstZone),
    address: platform.network("back").address(component, i),
  }));
}

/** One member, on the back network alone: clients come through a proxy. */
export function memberSpec(component: string, self: ReturnType<typeof plan>[number], a: FilledHttpService): MemberSpec {
  return {
    component,
    image: a.image,
    command: a.command,
    env: {
      ...a.env,
      HOLDFAST_MEMBER: self.name,
      HOLDFAST_ADDRESS: self.address,
      HOLDFAST_PORT: String(a.port),
      HOLDFAST_HEALTH: a.healthPath,
      HOLDFAST_DRAIN_SECONDS: String(a.drainSeconds),
    },
    user: a.user,
    zone: self.zone,
    addresses: {back: self.address},
    memory: a.memory,
    stopGrace: a.drainSeconds + 5,
    health,
    peers: plan(component, a)
      .map(m => m.name)
      .filter(name => name !== self.name),
  };
}
