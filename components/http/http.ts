import * as pulumi from "@pulumi/pulumi";
import type {TopologyComponent} from "../../lib/topology.ts";
import type {Member} from "../../platforms/platform.ts";
import {accept, Component, type FrontEnd, inTurn} from "../component.ts";
import type {FilledHttpService, HttpServiceArgs} from "./args.ts";
import {checkHttp, fillHttp} from "./check.ts";
import {memberSpec, plan} from "./spec.ts";
import {healthCommand} from "./state.ts";

/** A service over HTTP whose members share nothing: any of them answers any request.
 *  @throws ResourceError when an argument is not allowed; it names every one. */
export class HttpService extends Component {
  readonly topology: pulumi.Output<TopologyComponent>;
  readonly #name: string;
  readonly #args: FilledHttpService;

  constructor(name: string, args: HttpServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const filled = accept("HttpService", name, args, checkHttp, fillHttp);
    super("holdfast:index:HttpService", name, {}, opts);
    this.#name = name;
    this.#args = filled;
    const {platform} = filled;
    const planned = plan(name, filled);
    const guard = platform.guard(
      `${name}-guard`,
      {component: name, members: planned.map(m => m.name), health: healthCommand},
      {parent: this},
    );
    const members = inTurn(planned, (self, after) =>
      platform.member(self.name, memberSpec(name, self, filled), {parent: this, dependsOn: [guard, ...after]}),
    );
    this.topology = pulumi.output(describe(name, filled, members));
    this.registerOutputs({topology: this.topology});
  }

  /** What a virtual IP offers for this service: each request goes to any member that says it may serve. */
  frontEnd({name = this.#name, port = 80}: {name?: string; port?: number} = {}): FrontEnd {
    const {healthPath, port: own, room} = this.#args;
    return {
      name,
      port,
      mode: "http",
      servers: plan(this.#name, this.#args, room).map(m => ({name: m.name, address: m.address, port: own})),
      check: {kind: "http", port: own, path: healthPath},
      endpoint: {of: this.#name, protocol: "http"},
    };
  }
}

/** Clients reach it through front ends of a virtual IP, so it has no endpoint of its own. */
function describe(
  name: string,
  {port, healthPath, drainSeconds}: FilledHttpService,
  members: Member[],
): TopologyComponent {
  return {
    name,
    kind: "http",
    settings: {port, healthPath, drainMs: drainSeconds * 1000},
    members: members.map(({name, zone, addresses, handle, health}) => ({name, zone, addresses, handle, health})),
    endpoints: [],
  };
}
