import {refuse} from "../../lib/problems.ts";
import {addressAt, parseSubnet, part, type Subnet, showSubnet, subnetSize} from "../../lib/subnets.ts";
import type {NetworkPurpose} from "../../lib/topology.ts";

/** The networks of a stack, in the order in which they are cut from its subnet. */
export const purposes: readonly NetworkPurpose[] = ["front", "back", "mgmt"];

/** Addresses a component may use on one network. */
const blockSize = 16;

/** Cuts a stack's subnet, at least a /22, into one /24 a network. Throws InputError when it is no such subnet. */
export function planSubnets(who: string, text: string): Record<NetworkPurpose, Subnet> {
  const whole = parseSubnet(text);
  refuse(
    who,
    whole && whole.bits <= 22 && whole.bits >= 8
      ? []
      : [
          {
            path: "subnet",
            message: `is ${JSON.stringify(text)}. It takes an IPv4 subnet of /22 or larger with no host bits set, such as "198.18.64.0/22".`,
          },
        ],
  );
  return Object.fromEntries(purposes.map((purpose, i) => [purpose, part(whole!, 24, i)])) as Record<
    NetworkPurpose,
    Subnet
  >;
}

/** Gives out fixed addresses in the lower half of a /24: a block of 16 a component, in the order in which components
 *  first ask. The upper half is left to the engine, for one-shots and workload clients. */
export class AddressBook {
  private readonly blocks: string[] = [];
  private readonly subnet: Subnet;

  constructor(subnet: Subnet) {
    this.subnet = subnet;
  }

  /** The part of the subnet from which the engine gives out addresses by itself. */
  get dynamic(): string {
    return showSubnet({base: this.subnet.base + subnetSize(this.subnet) / 2, bits: this.subnet.bits + 1});
  }

  /** Throws InputError when there are more than 7 components, or a component has more than 16 members. */
  address(component: string, index: number): string {
    if (!this.blocks.includes(component)) this.blocks.push(component);
    const block = this.blocks.indexOf(component) + 1;
    refuse(`network ${showSubnet(this.subnet)}`, [
      ...(block > 7
        ? [
            {
              path: "",
              message: `has no block left for ${component}. A stack takes 7 components with fixed addresses a network.`,
            },
          ]
        : []),
      ...(index >= blockSize
        ? [
            {
              path: "",
              message: `has ${blockSize} addresses for ${component}, and address ${index} was asked for. Use fewer members.`,
            },
          ]
        : []),
    ]);
    return addressAt(this.subnet, block * blockSize + index);
  }
}
