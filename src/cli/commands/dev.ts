import type { Command } from "../command.ts";

/** `agent-otel dev`: receiver, store and page in one process. */
export const devCommand: Command = {
  name: "dev",
  summary: "receive telemetry on this machine and show it in the browser",
  help: `Usage: agent-otel dev [OPTIONS]

Receives OTLP over HTTP on 127.0.0.1:4318, keeps it in a file, and shows on http://127.0.0.1:4319
what your agents do: cost, health, interaction graph, traces, breakers, budgets, dead letters.
Needs nothing else. Ends with Ctrl-C.

Your program sends there by itself:

  node --import agent-otel/register app.js

To reset a breaker or replay a dead letter from the page, give your program a store that is
shared, such as sqliteStore(), and --db the same one. Writes need the token that is printed.

Options:
  --port N          of the page (default 4319; 0: any that is free)
  --otlp-port N     of the receiver (default 4318; 0: any that is free)
  --telemetry FILE  where telemetry is kept (default .agent-otel/telemetry.db)
  --db PLACE        what your program shares: a file, or postgres://user:password@host/database;
                    also AGENT_OTEL_DB (default .agent-otel/agent-otel.db)
  --redis URL       where its breakers are shared, if in Redis; also AGENT_OTEL_REDIS
  --keep-days N     how long spans are kept, 1 to 365 (default 7)
  --max-spans N     beyond so many the oldest go, 1,000 to 100,000,000 (default 1,000,000)
  --allow-host NAME another name under which programs reach this machine, such as
                    host.docker.internal; may be given several times
  --json            the addresses as one line of JSON
  --help            this text
`,
  async run(args, terminal) {
    // The server loads what no other command needs.
    const { runDev } = await import("./dev/run-dev.ts");
    return runDev(args, terminal);
  },
};
