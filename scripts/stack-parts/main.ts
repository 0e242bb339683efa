import { join } from "node:path";
import { parseArgs } from "node:util";
import { built } from "./build.ts";
import { withLock } from "./lock.ts";
import { type Part, StackError } from "./part.ts";
import { PARTS, partsNamed, programsNamed } from "./parts.ts";
import { CHECKOUT } from "./paths.ts";
import { isAlive, readProcess, stop } from "./process.ts";
import { asJson, asTable } from "./report.ts";
import { StackDir } from "./stack-dir.ts";
import { up } from "./up.ts";

const HELP = `scripts/stack <command> [parts…] [options]: collector, Jaeger, Prometheus, Redis, PostgreSQL and Alertmanager without Docker

  up       builds what the cache does not have, starts, waits until ready, prints the endpoints
  down     stops, and kills what does not stop
  status   what runs and answers; exit code 1 when not all of it does
  build    only builds or installs

Parts: collector jaeger prometheus redis postgres alertmanager gateway. Without parts: the first three; the others only run
when they are named, and "down" without parts stops those too. Tools, for "build" alone: compose kustomize.

Programs are cached in \${XDG_CACHE_HOME:-~/.cache}/agent-otel. Redis (7 or newer) and PostgreSQL (15 or newer) come
from Debian's packages, which are installed when they are missing and you are root. Their own servers stay stopped.

  --dir D          folder for logs, data and process files   AGENT_OTEL_STACK_DIR        .stack in the checkout
  --port-base N    take the ports N, N+1, …                  AGENT_OTEL_STACK_PORT_BASE  each program's usual port
  --keep           up: keep the data (and the ports) of the last time; without it each start is a fresh one
  --json           up, status: print the endpoints as JSON
  --timeout S      up: seconds until everything must be ready; 60

Two stacks run side by side when each has its own --dir and --port-base.`;

const say = (line: string) => console.error(line);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      dir: { type: "string", default: process.env["AGENT_OTEL_STACK_DIR"] || join(CHECKOUT, ".stack") },
      "port-base": { type: "string", default: process.env["AGENT_OTEL_STACK_PORT_BASE"] || "" },
      keep: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      timeout: { type: "string", default: "60" },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const [command = "help", ...names] = positionals;
  if (values.help || command === "help") {
    console.log(HELP);
    return 0;
  }
  if (command === "build") {
    for (const program of programsNamed(names)) console.log(`${program.name}  ${await built(program, say)}`);
    return 0;
  }
  const parts = partsNamed(names);
  const fresh = command === "up" && !values.keep;
  const portBase = values["port-base"] === "" ? undefined : Number(values["port-base"]);
  const dir = new StackDir(values.dir, portBase, fresh);
  switch (command) {
    case "up":
      dir.open();
      await locked(dir, () => up(dir, parts, { keep: values.keep, timeoutMs: seconds(values.timeout), say }));
      console.log(
        values.json ? asJson(dir, parts) : asTable(dir, parts, (part) => `pid ${dir.running(part)?.pid}`),
      );
      return 0;
    case "down":
      await locked(dir, () => down(dir, names.length === 0 ? PARTS : parts));
      return 0;
    case "status":
      return status(dir, names.length === 0 ? withStarted(dir, parts) : parts, values.json);
    default:
      throw new StackError(`unknown command "${command}"\n${HELP}`);
  }
}

const locked = <T>(dir: StackDir, work: () => Promise<T>) =>
  withLock(
    join(dir.path, "lock"),
    () => say(`another scripts/stack is at work in ${dir.path}, waiting`),
    work,
  );

async function down(dir: StackDir, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    const id = readProcess(dir.processFile(part));
    if (id !== undefined) say(`${part.name}: ${await stop(id, dir.processFile(part), part.stopSignal)}`);
  }
}

/** A part that was named when it was started belongs to the stack until it is stopped. */
function withStarted(dir: StackDir, parts: readonly Part[]): readonly Part[] {
  return PARTS.filter((part) => parts.includes(part) || readProcess(dir.processFile(part)) !== undefined);
}

async function status(dir: StackDir, parts: readonly Part[], json: boolean): Promise<number> {
  const states = new Map<Part, string>();
  for (const part of parts) {
    const id = readProcess(dir.processFile(part));
    const ready =
      id !== undefined && isAlive(id) && (await part.ready(dir.place(part, ""), AbortSignal.timeout(2_000)));
    states.set(
      part,
      id === undefined
        ? "down"
        : ready
          ? `ready, pid ${id.pid}`
          : isAlive(id)
            ? `not ready, pid ${id.pid}`
            : "died",
    );
  }
  console.log(json ? asJson(dir, parts) : asTable(dir, parts, (part) => states.get(part) ?? "down"));
  return [...states.values()].every((state) => state.startsWith("ready")) ? 0 : 1;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new StackError(`--timeout must be a number of seconds above 0, got ${text}`);
  return value * 1000;
}

try {
  process.exitCode = await main();
} catch (error) {
  // What parseArgs rejects is the user's mistake too, and needs no stack.
  const known = error instanceof StackError || (error instanceof TypeError && "code" in error);
  console.error(`stack: ${known ? error.message : error instanceof Error ? error.stack : String(error)}`);
  process.exitCode = 1;
}
