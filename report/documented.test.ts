import {readFileSync} from "node:fs";
import {join} from "node:path";
import test from "ava";
import {z} from "zod";
import {projectRoot} from "../lib/paths.ts";
import {resultSchema} from "./schema.ts";

interface Shape {
  properties?: Record<string, Shape>;
  items?: Shape;
  additionalProperties?: Shape | boolean;
}

/** Names of all fields, wherever they are. */
function fieldsOf({properties = {}, items, additionalProperties}: Shape): string[] {
  const own = Object.entries(properties).flatMap(([name, field]) => [name, ...fieldsOf(field)]);
  const others = [items, additionalProperties].filter(one => typeof one === "object").flatMap(fieldsOf);
  return [...own, ...others];
}

test("docs/reports.md has every field of a report.json", t => {
  const page = readFileSync(join(projectRoot, "docs", "reports.md"), "utf8");
  const code = [...page.replaceAll(/^```.*?^```/gms, "").matchAll(/`[^`\n]+`/g)].flatMap(
    ([text]) => text.match(/\w+/g) ?? [],
  );
  const fields = new Set(fieldsOf(z.toJSONSchema(resultSchema) as Shape));
  t.true(fields.size > 50);
  t.deepEqual(
    [...fields].filter(name => !code.includes(name)),
    [],
  );
});
