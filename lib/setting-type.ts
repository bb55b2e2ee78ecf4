/** Type of a setting as `config` of a project's Pulumi.yaml declares it. Without `type` it takes anything. */
export interface SettingType {
  type?: string;
  /** Of the items of an array. */
  items?: SettingType;
}

/** What a setting of that type takes, as the end of "It takes …", where the value is none of it; undefined where it is
 *  one. A value is text as on a command line, or what YAML or JSON made of it. The rules are those of Pulumi's own
 *  check before an update (v3.259, `ValidateConfigValue` in sdk/go/common/workspace/project.go), which sees every
 *  single value as text: `3.0` and ` 3` are no integers, `+3` is one. */
export function settingTakes({type, items}: SettingType, value: unknown): string | undefined {
  return fits({type, items}, isSingle(value) ? String(value) : value) ? undefined : described({type, items});
}

function fits({type, items}: SettingType, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string" || isSecret(value);
    case "integer":
      return typeof value === "string" ? isInteger(value) : Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
    case "array":
      return Array.isArray(value) && value.every(item => fits(items ?? {}, item));
    default:
      return true;
  }
}

function described({type, items}: SettingType): string {
  switch (type) {
    case "integer":
      return "a whole number in digits alone, such as 3";
    case "boolean":
      return "true or false";
    case "object":
      return 'an object, such as {"memory": 128}';
    case "array":
      return items?.type ? `an array, each item ${described(items)}` : "an array";
    default:
      return "text";
  }
}

const largest = 2n ** 63n - 1n;

/** As Go's `strconv.Atoi` reads it. */
function isInteger(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ""));
  return value <= largest && value >= -largest - 1n;
}

/** A value that has no parts. */
const isSingle = (value: unknown): boolean =>
  ["string", "number", "boolean", "bigint"].includes(typeof value) || value instanceof Date;

/** Text that is kept encrypted. */
const isSecret = (value: unknown): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, "secure");
