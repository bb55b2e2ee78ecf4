import {writeFileSync} from "node:fs";
import {jsonSchema} from "./schema.ts";

/** Writes scenarios/scenario.schema.json anew: `node runner/scenario/write-schema.ts`. */
writeFileSync(
  new URL("../../scenarios/scenario.schema.json", import.meta.url),
  `${JSON.stringify(jsonSchema(), null, 2)}\n`,
);
