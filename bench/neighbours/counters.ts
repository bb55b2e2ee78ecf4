/** What counts up, or changes, when a member that is healthy is taken for lost. All of it is seen from outside. */
export interface Counters {
  /** Changes of Galera's primary component (`wsrep_cluster_conf_id`), as each member has counted them. */
  galeraViews: Record<string, number>;
  /** Times that HAProxy took a server out (`chkdown`), by member of the VIP and server. */
  serversDown: Record<string, number>;
  /** What changes with every start, by process. */
  incarnations: Record<string, string>;
}

/** What members wrote between two counts. */
export interface Logs {
  /** Of the Keepalived of every member of the VIP. */
  keepalived: string;
  /** Of every RabbitMQ member. */
  rabbitmq: string;
}

/** False alarms between two counts. */
export interface FalseAlarms {
  /** Members that were dropped from a Galera cluster or joined it, as views: one that is dropped and comes back makes
   *  two. */
  galeraViews: number;
  /** Times that a member took the virtual address. */
  holderChanges: number;
  /** Times that a HAProxy took a server out. */
  serversDown: number;
  /** Times that a RabbitMQ member said that another is down or that the cluster is partitioned. */
  rabbitmqDown: number;
  /** Processes that were started again. */
  restarts: number;
}

export function falseAlarms(before: Counters, after: Counters, logs: Logs): FalseAlarms {
  return {
    galeraViews: Math.max(0, ...Object.values(increases(before.galeraViews, after.galeraViews))),
    holderChanges: count(logs.keepalived, /Entering MASTER STATE/g),
    serversDown: Object.values(increases(before.serversDown, after.serversDown)).reduce((a, b) => a + b, 0),
    rabbitmqDown: count(
      logs.rabbitmq,
      /node '?rabbit@\S+ down:|[Pp]artial partition detected|running_partitioned_network/g,
    ),
    restarts: Object.entries(after.incarnations).filter(([name, now]) => before.incarnations[name] !== now).length,
  };
}

/** A counter below what it was began anew, with the process that counts. */
function increases(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, now]) => [name, now >= (before[name] ?? 0) ? now - (before[name] ?? 0) : now]),
  );
}

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

/** `chkdown` of every server, from HAProxy's `show stat`. */
export function downsOf(csv: string): Record<string, number> {
  const [head = "", ...rows] = csv.replace(/^# /, "").trim().split("\n");
  const columns = head.split(",");
  const [proxy, server, down] = ["pxname", "svname", "chkdown"].map(name => columns.indexOf(name));
  return Object.fromEntries(
    rows
      .map(row => row.split(","))
      .filter(row => row[down!] && !["FRONTEND", "BACKEND"].includes(row[server!]!))
      .map(row => [`${row[proxy!]}/${row[server!]}`, Number(row[down!])]),
  );
}

/** The value of `wsrep_cluster_conf_id`; undefined where it cannot be read. */
export function viewsOf(said: string): number | undefined {
  const match = /^wsrep_cluster_conf_id\t(\d+)$/m.exec(said);
  return match ? Number(match[1]) : undefined;
}
