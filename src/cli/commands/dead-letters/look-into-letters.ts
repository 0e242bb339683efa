import { printable } from "../../../telemetry/format-trace-text.ts";
import {
  type DeadLetter,
  type DeadLetterQueue,
  deadLetterQueue,
  type ReplayHandler,
} from "../../../work/dead-letter-queue.ts";
import { CliError, UsageError } from "../../cli-error.ts";
import { EXIT_FAILED, EXIT_OK, type ExitCode, type Terminal } from "../../command.ts";
import { readableError } from "../../database.ts";
import { type Tell, withProgress } from "../../progress.ts";
import { openWorkStore, type WorkStore } from "../../work-store.ts";
import { jsonLine } from "../ledger/json-line.ts";
import type { TableOptions } from "../ledger/table.ts";
import { loadHandler } from "./load-handler.ts";
import { type LettersArgs, lettersArgs } from "./options.ts";
import { errorText, letterView, listView, reportView, summaryView } from "./view.ts";

const WHAT = "dead letter";

/** @throws UsageError, CliError. */
export async function lookIntoLetters(
  args: readonly string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ExitCode> {
  const parsed = lettersArgs(args);
  const store = openWorkStore(parsed, WHAT, env);
  try {
    return await show(queueOf(store, parsed), store, parsed, terminal);
  } catch (error) {
    // A name or an id that cannot be one.
    if (error instanceof TypeError && error.message.startsWith("deadLetterQueue: "))
      throw new UsageError(error.message.replace("deadLetterQueue: ", ""));
    throw readableError(error, `${WHAT}s`, store.name);
  } finally {
    await store.close();
  }
}

function queueOf(store: WorkStore, { queue, maxReplays, maxAgeHours }: LettersArgs): DeadLetterQueue {
  const { name, deadLetters } = store;
  if (deadLetters === undefined) throw new CliError(`${name} is a store without dead letters`);
  return deadLetterQueue({
    name: queue,
    store: { name, deadLetters },
    ...(maxReplays !== undefined && { maxReplays }),
    ...(maxAgeHours !== undefined && { maxAgeHours }),
  });
}

async function show(
  queue: DeadLetterQueue,
  store: WorkStore,
  args: LettersArgs,
  terminal: Terminal,
): Promise<ExitCode> {
  const options = { color: args.color ?? terminal.color, width: terminal.columns };
  switch (args.verb) {
    case "summary": {
      const summary = await queue.summary();
      terminal.out(args.json ? jsonLine(summary) : summaryView(summary, options));
      if (summary.total === 0) await noteOtherQueues(store, args, terminal);
      return EXIT_OK;
    }
    case "list":
      return list(queue, store, args, options, terminal);
    case "show": {
      const letter = await found(queue, args);
      terminal.out(
        args.json ? jsonLine(args.payload ? letter : hidden(letter)) : letterView(letter, args.payload),
      );
      if (args.payload && !args.json)
        terminal.out(`payload     ${jsonLine(letter.payload)}context     ${jsonLine(letter.context)}`);
      return EXIT_OK;
    }
    case "replay":
      return withInterrupt((signal) => replay(queue, args, options, terminal, signal));
    case "resolve": {
      const isNew = await queue.resolve(args.id!, args.because!);
      if (args.json) terminal.out(jsonLine({ id: args.id, resolved: isNew }));
      else terminal.note(isNew ? "Resolved." : "It was resolved before, and keeps what was said then.");
      return EXIT_OK;
    }
    case "purge": {
      const removed = await queue.purge();
      terminal.out(args.json ? jsonLine({ removed }) : `${removed} removed\n`);
      return EXIT_OK;
    }
  }
}

async function list(
  queue: DeadLetterQueue,
  store: WorkStore,
  { taskType, limit, resolved, json, ...args }: LettersArgs,
  options: TableOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const letters = await queue.list({ limit, resolved, ...(taskType !== undefined && { taskType }) });
  if (json) terminal.out(letters.map((letter) => jsonLine(hidden(letter))).join(""));
  else if (letters.length > 0) terminal.out(listView(letters, options));
  else {
    terminal.out(`No ${resolved ? "resolved" : "unresolved"} letters.\n`);
    await noteOtherQueues(store, args, terminal);
  }
  return EXIT_OK;
}

async function replay(
  queue: DeadLetterQueue,
  { id, module, taskType, limit, rate, dryRun, json }: LettersArgs,
  options: TableOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<ExitCode> {
  const handler = module === undefined ? () => undefined : await loadHandler(module);
  if (id !== undefined) {
    const result = await queue.replay(id, handler, { signal });
    const outcome = result.ok ? "succeeded" : "failed";
    const error = result.ok ? undefined : errorText(result.error);
    if (json) terminal.out(jsonLine({ id, outcome, error }));
    else if (result.ok) terminal.note("Replayed successfully; the letter is resolved.");
    else terminal.note(`The replay failed: ${printable(error!, 1_000)}`);
    return result.ok ? EXIT_OK : EXIT_FAILED;
  }
  const report = await withProgress("Replaying", (tell) =>
    queue.replayAll({
      handler: told(handler, tell),
      limit,
      dryRun,
      signal,
      ...(taskType !== undefined && { taskType }),
      ...(rate !== undefined && { ratePerSecond: rate }),
    }),
  );
  if (json)
    terminal.out(
      report.letters.map(({ error, ...each }) => jsonLine({ ...each, error: errorText(error) })).join(""),
    );
  else terminal.out(reportView(report, options));
  return report.failed > 0 || report.aborted ? EXIT_FAILED : EXIT_OK;
}

/** The same, and says which one it is at. */
function told(handler: ReplayHandler, tell: Tell): ReplayHandler {
  let letters = 0;
  return (...args) => {
    letters += 1;
    tell(`at letter ${letters}`);
    return handler(...args);
  };
}

async function found(queue: DeadLetterQueue, { id = "" }: LettersArgs): Promise<DeadLetter> {
  const letter = await queue.get(id);
  if (letter === undefined)
    throw new CliError(`the queue "${queue.name}" has no letter ${printable(JSON.stringify(id), 100)}`);
  return letter;
}

/** What may be shown to anybody who looks over the shoulder. */
function hidden({ payload: _, context: __, ...letter }: DeadLetter): object {
  return letter;
}

async function noteOtherQueues(
  store: WorkStore,
  { queue }: Pick<LettersArgs, "queue">,
  terminal: Terminal,
): Promise<void> {
  const others = ((await store.deadLetters?.queues()) ?? []).filter((name) => name !== queue);
  if (others.length === 0) return;
  terminal.note(
    `There are letters in: ${others.map((name) => printable(name, 64)).join(", ")} (--queue NAME)`,
  );
}

/** Ctrl-C ends what is done in an orderly way. */
async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort(new CliError("interrupted; the letter is free again"));
  process.once("SIGINT", stop);
  try {
    return await work(interrupt.signal);
  } finally {
    process.removeListener("SIGINT", stop);
  }
}
