import type {Command} from "commander";
import {example, type Register} from "../../lib/command-line.ts";
import {print, printJson} from "../../lib/output.ts";
import {environment, exportLines} from "../../setup/environment.ts";
import {setUp} from "../../setup/set-up.ts";

/** `holdfast env`: lines for a shell in which plain `pulumi` works in the folders below `stacks/`. */
export const env: Register = (program: Command) => {
  program
    .command("env")
    .summary("lines that make plain pulumi work in your shell")
    .description(
      "Gets what is missing, then prints export lines for a shell in which plain `pulumi up`, `pulumi preview` and `pulumi destroy` work in stacks/lab.",
    )
    .option("--json", "a document for machines")
    .addHelpText(
      "after",
      example('eval "$(./holdfast env)" && cd stacks/lab && pulumi stack select --create lab && pulumi up'),
    )
    .action(async (options: {json?: boolean}) => {
      await setUp();
      const variables = await environment();
      if (options.json) printJson(variables);
      else for (const line of exportLines(variables)) print(line);
    });
};
