/** Ports of a member: clients, answerer's own door, replication, incremental state transfer, health answers over HTTP,
 *  the watchers among themselves, what they tell load balancers, and how a member is to start (on the loopback alone).
 *  Full state transfers arrive on one of 4440 to 4447. */
export const ports = {
  sql: 3306,
  admin: 3307,
  group: 4567,
  incremental: 4568,
  answer: 9200,
  watcher: 9201,
  agent: 9202,
  door: 9203,
} as const;

/** Account that the answerer asks with. It may connect and nothing else. */
export const answererUser = "answerer";

/** Account of the watchers. It may run the three procedures of the database `holdfast` and nothing else. */
export const watcherUser = "watcher";

/** The arbitrator's place in the cluster's block of addresses: the last, so that growing the cluster never moves it. */
export const arbitratorIndex = 15;

/** Name of the secret that holds a user's password. */
export const passwordSecret = (cluster: string, user: string): string => `${cluster}-${user}-password`;

/** Name of the secret that the watchers know each other by. */
export const watcherKey = (cluster: string): string => `${cluster}-watcher-key`;

/** Where a member's own processes ask its watcher: the loopback of the network that they share. One that has an address
 *  there itself (a test of several in one network) has its door there. */
export const doorOf = (address: string) => ({
  host: address.startsWith("127.") ? address : "127.0.0.1",
  port: ports.door,
});
