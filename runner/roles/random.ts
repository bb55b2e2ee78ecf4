import {pickFree, type Role} from "../../lib/roles.ts";

/** Any member, by the run's seed. */
export const random: Role = {
  pick: "random",
  kinds: ["galera", "rabbitmq", "virtualip", "memcached", "http"],
  find: async (asking, component) => pickFree(asking, component.members),
};
