import {InputError, type Problem} from "../../lib/problems.ts";

/** A scenario was refused. Every problem has its line. */
export class ScenarioError extends InputError {
  constructor(file: string, problems: readonly (Problem & {line: number})[]) {
    super(file, problems);
    this.name = "ScenarioError";
    this.message = [...problems]
      .sort((a, b) => a.line - b.line)
      .map(p => `${file}:${p.line}: ${p.path ? `\`${p.path}\` ` : ""}${p.message}`)
      .join("\n");
  }
}
