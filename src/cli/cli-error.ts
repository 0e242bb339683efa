/** The command could not do what it was asked to. The message is all that the user gets to see. */
export class CliError extends Error {
  override readonly name: string = "CliError";
}

/** The command line makes no sense: printed with a pointer to the help text. */
export class UsageError extends CliError {
  override readonly name = "UsageError";
}
