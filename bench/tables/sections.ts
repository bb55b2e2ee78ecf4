import type {FailoverResults} from "../failover/results.ts";
import type {NeighboursResults} from "../neighbours/results.ts";
import {newestResults, type Results} from "../results.ts";
import type {ScaleResults} from "../scale/results.ts";
import type {UpResults} from "../up/results.ts";
import {failoverTable} from "./failover.ts";
import {neighboursTable} from "./neighbours.ts";
import {scaleTable} from "./scale.ts";
import {upTable} from "./up.ts";

/** Sections of docs/measurements.md that are made from results, by the name of the bench. */
const tables: Record<string, (results: never) => string> = {
  failover: (results: FailoverResults) => failoverTable(results),
  neighbours: (results: NeighboursResults) => neighboursTable(results),
  up: (results: UpResults) => upTable(results),
  scale: (results: ScaleResults) => scaleTable(results),
};

/** Each section with its text, made from the newest results of its bench. */
export function sections(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tables).map(([name, table]) => {
      const results = newestResults<Results>(name);
      return [name, results ? table(results as never) : `Not measured yet: \`bench/run ${name}\`.`];
    }),
  );
}
