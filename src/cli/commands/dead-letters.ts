import type { Command } from "../command.ts";

/** `agent-otel dead-letters`: tasks that were given up, to look at, replay and resolve. */
export const deadLettersCommand: Command = {
  name: "dead-letters",
  summary: "show, replay and resolve tasks that were given up",
  help: `Usage: agent-otel dead-letters summary
       agent-otel dead-letters list [--task-type TYPE] [--limit N] [--resolved]
       agent-otel dead-letters show ID [--payload]
       agent-otel dead-letters replay ID --module FILE
       agent-otel dead-letters replay --all --module FILE [--task-type TYPE] [--limit N]
                                            [--rate N] [--dry-run]
       agent-otel dead-letters resolve ID --because TEXT
       agent-otel dead-letters purge [--max-age-hours N]

list shows unresolved letters, the last attempt first, and never what the tasks were given;
show does so with --payload. replay runs the function that the module exports as "handler" or
by default, with the payload and { letter, idempotencyKey, attempt, signal }: a success
resolves the letter, a failure is one more attempt, and leaves with 1. Nobody else can replay
the letter meanwhile; Ctrl-C gives it back. purge removes letters that were resolved longer
ago than --max-age-hours, and no others.

Options:
  --db PLACE         a file, or postgres://user:password@host/database; also AGENT_OTEL_DB,
                     which keeps the password out of the list of processes
                     (default .agent-otel/agent-otel.db)
  --files FOLDER     a folder of fileStore, in place of a database
  --queue NAME       the name of the queue (default dead-letters)
  --task-type TYPE   only this one
  --limit N          at most so many letters, 1 to 10000 (default 50)
  --resolved         those that are resolved
  --payload          show payload and context as they are stored
  --module FILE      what replays: a module of JavaScript
  --all              all unresolved letters, that first which was not tried for longest
  --rate N           replays begun in a second, at most
  --dry-run          only say which letters it would be
  --max-replays N    of one letter, also of those before (default 10)
  --because TEXT     what was done about it
  --max-age-hours N  (default 72)
  --json             JSON: one object, or one letter on each line
  --color            colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help             this text
`,
  async run(args, terminal) {
    const { lookIntoLetters } = await import("./dead-letters/look-into-letters.ts");
    return lookIntoLetters(args, terminal);
  },
};
