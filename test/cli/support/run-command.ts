import type { Command, Terminal } from "../../../src/cli/command.ts";

/** Runs a command in this process, and gives its exit code and what it said on both outputs. */
export async function runCommand(command: Command, terminal: Partial<Terminal>, args: readonly string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await command.run(args, {
    out: (text) => void out.push(text),
    note: (text) => void err.push(`${text}\n`),
    color: false,
    columns: undefined,
    ...terminal,
  });
  return { code, out: out.join(""), err: err.join("") };
}
