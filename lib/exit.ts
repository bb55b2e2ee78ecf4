/** What the process ends with. Documented in `holdfast --help`. */
export const exitCodes = {
  pass: 0,
  fail: 1,
  unknown: 2,
  /** The command line or an input file is wrong. */
  usage: 64,
  /** Something that is needed cannot be had: docker, Pulumi, a registry. */
  unavailable: 69,
  /** A fault in Holdfast itself. */
  internal: 70,
  /** Try again later: another command holds the stack. */
  temporary: 75,
  interrupted: 130,
} as const;

/** Does something; where it fails as a test fails, the command ends with this code instead. */
export async function failingWith<T>(code: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof CliError && error.code === exitCodes.fail ? new CliError(error.message, code) : error;
  }
}

/** Ends the command with a message for people and an exit code. */
export class CliError extends Error {
  override name = "CliError";
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}
