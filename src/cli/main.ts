#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { CliError, UsageError } from "./cli-error.ts";
import { type Command, EXIT_FAILED, EXIT_OK, EXIT_USAGE, type ExitCode, type Terminal } from "./command.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { graphCommand } from "./commands/graph.ts";
import { healthCommand } from "./commands/health.ts";
import { ledgerCommand } from "./commands/ledger.ts";
import { traceCommand } from "./commands/trace.ts";
import { usageCommand } from "./commands/usage.ts";
import { workflowsCommand } from "./commands/workflows.ts";
import { processTerminal } from "./terminal.ts";

const COMMANDS: readonly Command[] = [
  doctorCommand,
  devCommand,
  healthCommand,
  graphCommand,
  traceCommand,
  usageCommand,
  ledgerCommand,
  deadLettersCommand,
  workflowsCommand,
];

// `agent-otel trace FILE | head` closes the pipe early. That is no failure, and no reason to go on.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(EXIT_OK);
  throw error;
});

// Not process.exit: it would drop what a slow pipe has not taken yet.
process.exitCode = await main(process.argv.slice(2), processTerminal());

async function main([name, ...args]: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(name, args, terminal);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    terminal.note(`agent-otel: ${error.message}`);
    if (!(error instanceof UsageError)) return EXIT_FAILED;
    terminal.note(`Try "agent-otel ${name && findCommand(name) ? `${name} ` : ""}--help".`);
    return EXIT_USAGE;
  }
}

async function dispatch(
  name: string | undefined,
  args: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  if (name === undefined) throw new UsageError("no command given");
  if (name === "--version" || name === "-v") {
    terminal.out(`${version()}\n`);
    return EXIT_OK;
  }
  // `help trace` is `trace --help`.
  const command = findCommand(name === "help" ? args[0] : name);
  if (command && (name === "help" || wantsHelp(args))) {
    terminal.out(command.help);
    return EXIT_OK;
  }
  if (command) return command.run(args, terminal);
  if (name === "--help" || name === "-h" || (name === "help" && args.length === 0)) {
    terminal.out(help());
    return EXIT_OK;
  }
  throw new UsageError(`there is no command "${name === "help" ? args[0] : name}"`);
}

function findCommand(name: string | undefined): Command | undefined {
  return COMMANDS.find((command) => command.name === name);
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

function help(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return `Usage: agent-otel COMMAND [ARGUMENTS]

Commands:
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}   ${summary}`).join("\n")}

Options:
  --help      this text, or that of a command: agent-otel COMMAND --help
  --version   the version of the package
`;
}

function version(): string {
  // The same way up from src/cli and from dist/cli.
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
