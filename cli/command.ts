import type {Command} from "commander";

/** Adds one command to the program. */
export type Register = (program: Command) => void;

/** Text below the options of `--help`. */
export function example(...lines: string[]): string {
  return `\nExample${lines.length > 1 ? "s" : ""}:\n${lines.map(line => `  ${line}`).join("\n")}`;
}
