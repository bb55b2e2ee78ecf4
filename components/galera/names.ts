/** Ports of a member: clients, answerer's own door, replication, incremental state transfer, health answers over HTTP. Full state transfers
 *  arrive on one of 4440 to 4447. */
export const ports = {sql: 3306, admin: 3307, group: 4567, incremental: 4568, answer: 9200} as const;

/** Account that the answerer asks with. It may connect and nothing else. */
export const answererUser = "answerer";

/** The arbitrator's place in the cluster's block of addresses: the last, so that growing the cluster never moves it. */
export const arbitratorIndex = 15;

/** Name of the secret that holds a user's password. */
export const passwordSecret = (cluster: string, user: string): string => `${cluster}-${user}-password`;
