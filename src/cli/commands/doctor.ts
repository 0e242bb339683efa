import type { Command } from "../command.ts";

/** `agent-otel doctor`: finds the usual mistakes of a set-up. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "find out why there are no spans, or wrong ones",
  help: `Usage: agent-otel doctor [OPTIONS]
       agent-otel doctor [OPTIONS] FILE
       agent-otel doctor [OPTIONS] -- node --import agent-otel/register app.js

Looks at this folder and the environment for what usually goes wrong: register loaded too late
or not at all, a model client that cannot be instrumented, a second SDK, an OTLP endpoint that
is not there or is another one, sampling that drops all, versions that do not fit, prompts
that are recorded, a spool directory, price file or store that cannot be used. One empty OTLP
request is sent to each endpoint. Nothing is changed, and no secret is printed.

With a program after --, or a FILE that is run by node as it is, the program runs for a while,
with its output and without its input, and what OpenTelemetry sees of it is looked at as well.

Leaves with 1 when something was found.

Options:
  --endpoint URL   of an OTLP/HTTP receiver, in place of OTEL_EXPORTER_OTLP_ENDPOINT
  --seconds N      how long the program may run, 1 to 600 (default 10)
  --ignore CODE    a finding that is meant, such as content_capture; may be given again
  --json           JSON: one object; the program's output goes to stderr
  --color          colours, also in a pipe; --no-color for none (NO_COLOR works too)
  --help           this text
`,
  async run(args, terminal) {
    // The pipeline's readers and the clients take longer to load than other commands take.
    const { runDoctor } = await import("./doctor/run-doctor.ts");
    return runDoctor(args, terminal);
  },
};
