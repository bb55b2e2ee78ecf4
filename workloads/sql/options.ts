import type {OptionTable} from "../options.ts";

/** Isolation levels by their name in options, and the statements that set them for a session. */
export const isolations: Readonly<Record<string, readonly string[]>> = {
  "read-uncommitted": ["SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED"],
  "read-committed": ["SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"],
  "repeatable-read": ["SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ"],
  // MariaDB's repeatable read lets a write act on rows that the snapshot does not have, unless this is on: then it ends
  // with error 1020.
  snapshot: ["SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ", "SET SESSION innodb_snapshot_isolation = ON"],
  serializable: ["SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE"],
};

/** The option `isolation` with its default. */
export const isolationOption = (value: string) =>
  ({
    isolation: {
      type: "string",
      default: value,
      allowed: Object.keys(isolations),
      doc: "Isolation level of the transactions. `snapshot` is repeatable read with innodb_snapshot_isolation, which MariaDB has from 10.11.8 on.",
    },
  }) as const satisfies OptionTable;

/** The option `locking` with its default. */
export const lockingOption = (value: boolean) =>
  ({
    locking: {
      type: "boolean",
      default: value,
      doc: "Transactions read with SELECT ... FOR UPDATE, so that nobody else changes what they read until they end.",
    },
  }) as const satisfies OptionTable;
