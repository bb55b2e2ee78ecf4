import type {ResourceType} from "../base/resource.ts";
import {container} from "../docker/container.ts";

/** A container that may use devices by their numbers, whether they are there yet or not: a loop device comes into being
 *  when it is attached, and is gone after a restart of the machine. Docker's API has that, the official plugin's
 *  containers have not. */
export const keeper: ResourceType = {
  ...container,
  token: "holdfast:docker:Keeper",
  summary: "A container that may use devices by their numbers.",
  inputs: {
    ...container.inputs,
    /** As the kernel writes them: `b 7:* rwm`. */
    deviceCgroupRules: {shape: {list: "string"}, required: true, replace: true},
  },
};
