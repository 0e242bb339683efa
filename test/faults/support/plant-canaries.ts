import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { otlpSink, refusingUrl } from "../../pipeline/fixtures/otlp-sink.ts";
import { runProgram } from "../../pipeline/fixtures/run-program.ts";
import { seeded } from "../../stack/support/random.ts";
import { type Canary, KNOWN_SHAPES, leaks, UNKNOWN_SHAPES } from "./canary-shapes.ts";

/** Where content goes, which is recorded only when it is asked for. */
const CONTENT = [
  ..."prompt|prompt of a stream|system prompt|input of a response|message to Anthropic|text to embed".split(
    "|",
  ),
  ..."user and metadata|answer|answer of a stream|arguments of a tool call|result of a tool in a prompt".split(
    "|",
  ),
  ..."definition of a tool|argument of a tool|result of a tool|input of an agent|output of an agent".split(
    "|",
  ),
  ..."text told to chat()|headers of a client|baggage|query of the base URL|headers of an error".split("|"),
  ..."cause of an error|cause of a cause".split("|"),
];
/** Where messages of failures go, which are recorded with what looks like a secret taken out. */
const FAILURES = [
  ..."error of the provider|error of Anthropic|error in a stream|error of a tool|error of an agent".split(
    "|",
  ),
  ..."error of a workflow|text that is thrown|errors of an AggregateError|name and code of an error".split(
    "|",
  ),
  ..."stack of an error|long message, at its cut|message with the URL of a request|reason of an abort".split(
    "|",
  ),
  "error of a listener",
];
/** One each: what stands in the environment and on the command line. */
const ENVIRONMENT = ["OTEL_EXPORTER_OTLP_HEADERS", "OPENAI_API_KEY", "command line"];

export interface Planted extends Canary {
  readonly place: string;
  readonly shape: string;
}

/** @param content Shapes of what is planted in content. */
export function canariesFor(count: number, seed: number, content: "any" | "known"): readonly Planted[] {
  const random = seeded(seed);
  const known = Object.entries(KNOWN_SHAPES);
  const any = content === "any" ? [...known, ...Object.entries(UNKNOWN_SHAPES)] : known;
  const places = [...CONTENT, ...FAILURES];
  return Array.from({ length: count }, (_, i) => {
    const place = i < ENVIRONMENT.length ? ENVIRONMENT[i]! : places[i % places.length]!;
    const shapes = CONTENT.includes(place) ? any : known;
    const [shape, make] = shapes[Math.floor(random() * shapes.length)]!;
    return { place, shape, ...make(random) };
  });
}

export interface Artefacts {
  /** Everything that left the process, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly code: number | null;
}

/** Runs the program with the canaries, and gathers what came out of it. */
export async function plant(
  canaries: readonly Planted[],
  { env = {}, args = [] }: { env?: Readonly<Record<string, string>>; args?: readonly string[] } = {},
): Promise<Artefacts> {
  const folder = await mkdtemp(join(tmpdir(), "agent-otel-"));
  try {
    const traceFile = join(folder, "trace.jsonl");
    const spool = join(folder, "spool");
    const input = join(folder, "canaries.json");
    const inCode = canaries.filter(({ place }) => !ENVIRONMENT.includes(place));
    await writeFile(
      input,
      JSON.stringify(
        Object.groupBy(inCode, ({ place }) => place),
        (_, value: unknown) =>
          typeof value === "object" && value !== null && "text" in value ? value.text : value,
      ),
    );
    const [headers, apiKey, argument] = ENVIRONMENT.map(
      (name) => canaries.find(({ place }) => place === name)?.text ?? "",
    );
    await using sink = await otlpSink();
    const program = new URL("../programs/canaries.ts", import.meta.url).href;
    using running = runProgram(program, [input, ...args, `--note=${argument}`], {
      NODE_OPTIONS: `--import=${new URL("../../../src/register.ts", import.meta.url).href}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      // Nobody takes the spans, so all of them are still in the spool at the end; not compressed, to be read there.
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${await refusingUrl()}/v1/traces`,
      OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "none",
      AGENT_OTEL_SPOOL_DIR: spool,
      OTEL_EXPORTER_OTLP_HEADERS: `x-note=${encodeURIComponent(headers ?? "")}`,
      OTEL_LOGS_EXPORTER: "otlp",
      OTEL_LOG_LEVEL: "debug",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
      OPENAI_API_KEY: apiKey ?? "",
      AGENT_OTEL_TRACE_FILE: traceFile,
      AGENT_OTEL_LOG: "agents",
      ...env,
    });
    const { code, diag } = await running.ended;
    const sent = (path: string) =>
      sink.requests
        .filter((request) => request.path === path)
        .map(({ body }) => body)
        .join("\n");
    return {
      code,
      texts: {
        "spans in the spool": await textsIn(spool),
        "events and log records": sent("/v1/logs"),
        metrics: sent("/v1/metrics"),
        "diagnostics and run lines": diag.join("\n"),
        "trace file": await readFile(traceFile, "utf8"),
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function textsIn(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => readFile(join(parentPath, name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

/** The canaries that can be read in an artefact, by its name. */
export function leaksIn(
  { texts }: Artefacts,
  canaries: readonly Planted[],
): Readonly<Record<string, readonly Planted[]>> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, canaries.filter((canary) => leaks(text, canary))]),
  );
}
