import {answererUser} from "./names.ts";

/** The statements of the first bootstrap: databases, their users, and the two accounts that the cluster itself needs. Root comes from
 *  mariadb-install-db and is known by its uid on the local socket alone. */
export function accountsSql(
  databases: {name: string; user: string; password: string}[],
  answererPassword: string,
): string {
  const lines = [
    "FLUSH PRIVILEGES;",
    // State transfers and health checks run as the daemon's own uid.
    "CREATE USER 'mysql'@'localhost' IDENTIFIED VIA unix_socket;",
    "GRANT RELOAD, PROCESS, LOCK TABLES, BINLOG MONITOR, REPLICA MONITOR ON *.* TO 'mysql'@'localhost';",
    `CREATE USER '${answererUser}'@'%' IDENTIFIED BY ${literal(answererPassword)} WITH MAX_USER_CONNECTIONS 8;`,
    ...databases.flatMap(({name, user, password}) => [
      `CREATE DATABASE \`${name}\`;`,
      `CREATE USER '${user}'@'%' IDENTIFIED BY ${literal(password)};`,
      // In a grant "_" stands for any character.
      `GRANT ALL PRIVILEGES ON \`${name.replaceAll("_", "\\_")}\`.* TO '${user}'@'%';`,
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Text as an SQL literal. */
function literal(text: string): string {
  if (/[\0\r\n]/.test(text)) throw new Error("a password has a line end or a zero byte: generate it again without.");
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
