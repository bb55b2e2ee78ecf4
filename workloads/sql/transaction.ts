import type {Outcome} from "../../lib/history.ts";
import {classifySqlError} from "./errors.ts";

/** What a transaction needs of a connection. */
export interface Asked {
  query(statement: string): Promise<unknown>;
}

/** Does `body` between BEGIN and COMMIT and says how that ended. An error before COMMIT was sent means that nothing of
 *  it happened, even where the connection broke: the server takes back what nobody commits. After an error the
 *  transaction is rolled back by hand, because a lock wait (1205) leaves it open. What `body` returns is returned in
 *  any case. Rejects never but when the rollback does not work: then the connection is of no use any more. */
export async function transact(
  connection: Asked,
  body: () => Promise<void>,
): Promise<{outcome: Outcome; error?: string; broken?: boolean}> {
  let committing = false;
  try {
    await connection.query("START TRANSACTION");
    await body();
    committing = true;
    await connection.query("COMMIT");
    return {outcome: "ok"};
  } catch (error) {
    const {outcome, error: name} = classifySqlError(error);
    const broken = (error as {fatal?: boolean}).fatal === true || !(await rolledBack(connection));
    return {outcome: committing ? outcome : "failed", error: name, broken};
  }
}

async function rolledBack(connection: Asked): Promise<boolean> {
  try {
    await connection.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
}
