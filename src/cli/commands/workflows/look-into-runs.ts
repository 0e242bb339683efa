import type { CheckpointStore, RunStatus } from "../../../stores/checkpoints/checkpoint-store.ts";
import { printable } from "../../../telemetry/format-trace-text.ts";
import { CliError, UsageError } from "../../cli-error.ts";
import { EXIT_FAILED, EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { readableError } from "../../database.ts";
import { openWorkStore } from "../../work-store.ts";
import { jsonLine } from "../ledger/json-line.ts";
import { type RunsArgs, runsArgs } from "./options.ts";
import { runFacts, stateFacts } from "./run-facts.ts";
import { listView, runView } from "./view.ts";

const WHAT = "workflow run";
/** What a command says of a run that is over; `undefined`: it is not. */
const CANCELLED: Readonly<Record<RunStatus, string>> = {
  running: "Cancelled. Who works on it now keeps no further step.",
  failed: "Cancelled; it had failed.",
  needs_attention: "Cancelled; it needed attention.",
  cancelled: "It was cancelled before.",
  completed: "It has completed, and stays so.",
};

/** What a command says of a run that may be taken again, or could all the time. */
const REOPENED: Readonly<Record<RunStatus, string>> = {
  running: "It is open: the next execute takes it once nobody works on it.",
  failed: "It is open: the next execute tries its step again.",
  needs_attention: "Reopened; it needed attention. The next execute goes on with it.",
  cancelled: "Reopened; it was cancelled. The next execute goes on with it.",
  completed: "It has completed, and stays so.",
};

/** @throws UsageError, CliError. */
export async function lookIntoRuns(
  args: readonly string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const parsed = runsArgs(args);
  const store = openWorkStore(parsed, WHAT, env);
  const { name, checkpoints } = store;
  try {
    if (checkpoints === undefined) throw new CliError(`${name} is a store without checkpoints`);
    return await VERBS[parsed.verb](checkpoints, parsed, terminal);
  } catch (error) {
    if (error instanceof TypeError && error.message.startsWith("workflow id "))
      throw new UsageError(error.message.replace("workflow id", "ID"));
    throw readableError(error, `${WHAT}s`, name);
  } finally {
    await store.close();
  }
}

type Verb = (store: CheckpointStore, args: RunsArgs, terminal: Terminal) => Promise<ExitCode>;

const VERBS: Readonly<Record<RunsArgs["verb"], Verb>> = { list, show, cancel, reopen };

async function list(store: CheckpointStore, args: RunsArgs, terminal: Terminal): Promise<ExitCode> {
  const { workflow, status, limit, json, color = terminal.color } = args;
  const runs = await store.list({ workflow, status, limit });
  const options = { color, width: terminal.columns, nowMs: Date.now() };
  terminal.out(json ? runs.map((run) => jsonLine(runFacts(run))).join("") : listView(runs, options));
  if (!json && runs.length === limit) terminal.note(`There may be more than ${limit}: see --limit.`);
  return EXIT_OK;
}

async function show(store: CheckpointStore, args: RunsArgs, terminal: Terminal): Promise<ExitCode> {
  const { id, state, json, color = terminal.color } = args;
  const found = await store.read(id);
  if (found === undefined) throw unknown(id);
  const { run, steps } = found;
  const kept = state ? stateFacts(run, steps) : {};
  const options = { color, width: terminal.columns, nowMs: Date.now() };
  terminal.out(json ? jsonLine({ ...runFacts(run, steps), ...kept }) : runView(run, steps, options));
  if (state && !json) terminal.out(`\nSTATE\n${jsonLine(kept.state)}`);
  return EXIT_OK;
}

async function cancel(store: CheckpointStore, { id, json }: RunsArgs, terminal: Terminal): Promise<ExitCode> {
  const before = await store.cancel(id);
  if (before === undefined) throw unknown(id);
  const isCancelled = before !== "completed";
  terminal.out(json ? jsonLine({ id, before, cancelled: isCancelled }) : `${CANCELLED[before]}\n`);
  return isCancelled ? EXIT_OK : EXIT_FAILED;
}

async function reopen(store: CheckpointStore, { id, json }: RunsArgs, terminal: Terminal): Promise<ExitCode> {
  const before = await store.reopen(id);
  if (before === undefined) throw unknown(id);
  const isReopened = before === "cancelled" || before === "needs_attention";
  terminal.out(json ? jsonLine({ id, before, reopened: isReopened }) : `${REOPENED[before]}\n`);
  return before === "completed" ? EXIT_FAILED : EXIT_OK;
}

function unknown(id: string): CliError {
  return new CliError(`there is no workflow run ${printable(JSON.stringify(id), 200)}`);
}
