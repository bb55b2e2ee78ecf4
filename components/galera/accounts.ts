import {answererUser, watcherUser} from "./names.ts";

/** Passwords of the accounts that the cluster itself needs. */
export interface OwnPasswords {
  answerer: string;
  watcher: string;
}

/** The statements of the first bootstrap: databases, their users, and the accounts that the cluster itself needs. Root
 *  comes from mariadb-install-db and is known by its uid on the local socket alone. */
export function accountsSql(databases: {name: string; user: string; password: string}[], own: OwnPasswords): string {
  const lines = [
    "FLUSH PRIVILEGES;",
    // State transfers and health checks run as the daemon's own uid; a member that was evicted ends itself.
    "CREATE USER 'mysql'@'localhost' IDENTIFIED VIA unix_socket;",
    "GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICA MONITOR ON *.* TO 'mysql'@'localhost';",
    `CREATE USER '${answererUser}'@'%' IDENTIFIED BY ${literal(own.answerer)} WITH MAX_USER_CONNECTIONS 8;`,
    ...watcherSql(own.watcher),
    ...databases.flatMap(({name, user, password}) => [
      `CREATE DATABASE \`${name}\`;`,
      `CREATE USER '${user}'@'%' IDENTIFIED BY ${literal(password)};`,
      // In a grant "_" stands for any character.
      `GRANT ALL PRIVILEGES ON \`${name.replaceAll("_", "\\_")}\`.* TO '${user}'@'%';`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The watcher's account. Provider options ask for SUPER, so it gets procedures that run with their owner's privileges
 *  and can do one thing each: look, empty the eviction list, and evict a member of the very view that the caller names,
 *  while it is primary. */
function watcherSql(password: string): string[] {
  const procedure = (head: string, body: string) =>
    `CREATE DEFINER='root'@'localhost' PROCEDURE holdfast.${head} SQL SECURITY DEFINER ${body};`;
  const seen = ["wsrep_cluster_status", "wsrep_cluster_conf_id", "wsrep_evs_evict_list"].map(literal).join(", ");
  return [
    "CREATE DATABASE holdfast;",
    procedure(
      "look()",
      "SELECT 'member' AS kind, uuid AS name, name AS value FROM information_schema.wsrep_membership UNION ALL " +
        `SELECT 'status', variable_name, variable_value FROM information_schema.global_status WHERE variable_name IN (${seen})`,
    ),
    procedure("clear()", "SET GLOBAL wsrep_provider_options = 'evs.evict='"),
    procedure(
      "evict(IN member CHAR(36), IN view_key TEXT)",
      "SET GLOBAL wsrep_provider_options = (SELECT CONCAT('evs.evict=', m.uuid) " +
        "FROM information_schema.wsrep_membership m, information_schema.wsrep_status s " +
        "WHERE m.uuid = member AND s.cluster_status = 'primary' AND view_key = CONCAT(s.cluster_conf_id, ':', " +
        "(SELECT GROUP_CONCAT(uuid ORDER BY uuid) FROM information_schema.wsrep_membership)))",
    ),
    `CREATE USER '${watcherUser}'@'%' IDENTIFIED BY ${literal(password)} WITH MAX_USER_CONNECTIONS 24;`,
    `GRANT EXECUTE ON holdfast.* TO '${watcherUser}'@'%';`,
  ];
}

/** Text as an SQL literal. */
function literal(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Error("a password has a line end or a zero byte: generate it again without.");
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
