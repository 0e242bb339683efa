import type { Ledger } from "../../stores/ledger/ledger.ts";
import { type Command, EXIT_FAILED, EXIT_OK, type ExitCode, type Terminal } from "../command.ts";
import { withProgress } from "../progress.ts";
import { jsonLine } from "./ledger/json-line.ts";
import { findLedger, lookInto } from "./ledger/open-ledger.ts";
import { type LedgerArgs, ledgerArgs } from "./ledger/options.ts";
import type { TableOptions } from "./ledger/table.ts";
import { failuresView, summaryView, transitionsView, verdictView } from "./ledger/views.ts";

/** `agent-otel ledger`: shows and verifies the audit ledger. */
export const ledgerCommand: Command = {
  name: "ledger",
  summary: "show and verify the audit ledger of breakers",
  help: `Usage: agent-otel ledger summary
       agent-otel ledger failures [--breaker NAME] [--limit N]
       agent-otel ledger transitions [--breaker NAME] [--limit N]
       agent-otel ledger verify [--anchor SEQ:HASH]

summary shows each breaker with its failures, transitions and last state. failures and
transitions list the newest first. verify checks the chain of hashes, prints its head, and
leaves with 1 when it is broken; with a head that was kept elsewhere as --anchor it also sees
that the end was cut off, or all of it written anew.

Options:
  --db PLACE       a file, or postgres://user:password@host/database; also AGENT_OTEL_DB, which
                   keeps the password out of the list of processes
                   (default .agent-otel/agent-otel.db)
  --breaker NAME   only this one
  --limit N        at most so many rows, 1 to 10000 (default 20)
  --anchor HEAD    SEQ:HASH, as verify has printed it
  --json           JSON: one object, or one row on each line
  --color          colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help           this text
`,
  async run(args, terminal) {
    const parsed = ledgerArgs(args);
    return lookInto(findLedger(parsed.db), (ledger) => show(ledger, parsed, terminal));
  },
};

async function show(ledger: Ledger, args: LedgerArgs, terminal: Terminal): Promise<ExitCode> {
  const options = { color: args.color ?? terminal.color, width: terminal.columns };
  if (args.verb === "summary") {
    const summary = await ledger.summary();
    terminal.out(args.json ? jsonLine(summary) : summaryView(summary, options));
    return EXIT_OK;
  }
  return args.verb === "verify" ? verify(ledger, args, terminal) : list(ledger, args, options, terminal);
}

async function list(
  ledger: Ledger,
  args: LedgerArgs,
  options: TableOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { verb, breaker, limit, json } = args;
  const kind = verb === "failures" ? "failure" : "transition";
  const rows = await ledger.read({ kind, limit, ...(breaker !== undefined && { subject: breaker }) });
  const view = verb === "failures" ? failuresView : transitionsView;
  terminal.out(json ? rows.map(jsonLine).join("") : view(rows, options));
  return EXIT_OK;
}

async function verify(ledger: Ledger, { anchor, json }: LedgerArgs, terminal: Terminal): Promise<ExitCode> {
  const verdict = await withProgress("Verifying the ledger", () =>
    ledger.verify(anchor === undefined ? {} : { anchor }),
  );
  terminal.out(json ? jsonLine(verdict) : verdictView(verdict));
  if (!json && verdict.valid && anchor === undefined)
    terminal.note("Keep the head elsewhere: as --anchor it shows later whether the end was cut off.");
  return verdict.valid ? EXIT_OK : EXIT_FAILED;
}
