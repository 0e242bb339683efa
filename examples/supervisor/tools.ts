import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tool } from "agent-otel";

export interface WorkerTool {
  readonly name: string;
  readonly description: string;
  /** JSON schema of each parameter. All of them are strings, and required. */
  readonly parameters: Readonly<
    Record<string, { readonly type: "string"; readonly enum?: readonly string[] }>
  >;
  run(args: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>;
}

/** Whole command lines, not programs: a model that may choose the arguments of `git` or `date` may do a lot. */
export const ALLOWED_COMMANDS: readonly string[] = [
  "python3 --version",
  "python --version",
  "node --version",
  "npm --version",
  "git --version",
  "uname -sr",
  "date -u",
];

const execute = promisify(execFile);

export const shellTool: WorkerTool = {
  name: "shell",
  description: "Runs one of the allowed commands and returns what it prints.",
  parameters: { command: { type: "string", enum: ALLOWED_COMMANDS } },
  run: tool("shell", ({ command = "" }, signal) => shell(command, signal)),
};

async function shell(command: string, signal: AbortSignal): Promise<string> {
  if (!ALLOWED_COMMANDS.includes(command)) {
    throw new Error(`this command is not allowed; allowed are: ${ALLOWED_COMMANDS.join(", ")}`);
  }
  const [program = "", ...args] = command.split(" ");
  try {
    // Started without a shell, so nothing in the text is a pipe, a variable or a second command.
    const { stdout, stderr } = await execute(program, args, { signal, timeout: 10_000 });
    return (stdout || stderr).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${program} is not installed on this machine`, { cause: error });
  }
}

/** Both work on one store, that of this request. */
export function kvTools(): readonly WorkerTool[] {
  const store = new Map<string, string>();
  const text = { type: "string" } as const;
  return [
    {
      name: "kv_set",
      description: "Stores a value under a key.",
      parameters: { key: text, value: text },
      run: tool("kv_set", async ({ key = "", value = "" }) => {
        store.set(key, value);
        return `stored ${key}`;
      }),
    },
    {
      name: "kv_get",
      description: "Returns the value that is stored under a key.",
      parameters: { key: text },
      run: tool("kv_get", async ({ key = "" }) => store.get(key) ?? `nothing is stored under ${key}`),
    },
  ];
}
