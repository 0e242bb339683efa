/** One verb of the `agent-otel` command: a file in commands/ and a line in main.ts. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Printed by `agent-otel NAME --help`. Ends in a newline. */
  readonly help: string;
  /**
   * @param args What stands after the name.
   * @returns The exit code.
   * @throws UsageError for arguments that make no sense, CliError for what failed.
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

export const EXIT_OK = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export type ExitCode = typeof EXIT_OK | typeof EXIT_FAILED | typeof EXIT_USAGE;

/** Where a command writes to, and what it may know about the place. */
export interface Terminal {
  /** The result. */
  out(text: string): void;
  /** Remarks about it, kept out of a pipe. One line, without newline. */
  note(text: string): void;
  /** Whether colours are wanted where nobody asked for or against them. */
  readonly color: boolean;
  /** `undefined` when the output is no terminal. */
  readonly columns: number | undefined;
}
