import { execFile } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CallRecord } from "../../../../src/telemetry/call-record.ts";
import { readOtlpJsonLines } from "../../../../src/telemetry/otlp-json-lines.ts";
import type { TraceSpan } from "../../../../src/telemetry/trace-span.ts";
import { scriptedProvider } from "../../../../src/testing/scripted-provider.ts";
import { peerBackend } from "./peer-backend.ts";

const run = promisify(execFile);

/** Of each request. */
export const USAGE = { input: 1_000, output: 50, cacheRead: 600, reasoning: 30 };

/** What a program beside a peer did, and what was seen of it. */
export interface Seen {
  readonly requests: number;
  readonly spans: readonly TraceSpan[];
  readonly calls: readonly CallRecord[];
  /** Sums of all series, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** All that the peer's own exporter has sent to where it belongs. */
  readonly sent: string;
  readonly stderr: string;
}

/** Runs the program of a combination. @param folder As installed. */
export async function runBeside(folder: string, { register }: { readonly register: boolean }): Promise<Seen> {
  const temporary = mkdtempSync(join(tmpdir(), "agent-otel-beside-"));
  await using provider = await scriptedProvider({ respond: () => ({ usage: USAGE }) });
  await using backend = await peerBackend();
  provider.queue({ usage: USAGE, toolCalls: [{ name: "search", arguments: { q: "otters" } }] });
  const file = join(temporary, "spans.jsonl");
  const preload = register ? ["--import", "agent-otel/register"] : [];
  try {
    const { stdout, stderr } = await run(process.execPath, [...preload, "program.mjs"], {
      cwd: folder,
      timeout: 60_000,
      env: {
        PATH: process.env["PATH"],
        AGENT_OTEL_SDK: "external",
        OPENAI_BASE_URL: provider.openaiBaseUrl,
        LANGFUSE_URL: backend.url,
        SPANS: file,
      },
    });
    const { spans } = existsSync(file) ? await readOtlpJsonLines(createReadStream(file)) : { spans: [] };
    const said = JSON.parse(stdout.split("\n").find((line) => line.startsWith("{")) ?? "{}");
    return { requests: provider.requests.length, spans, ...said, sent: backend.sent(), stderr };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
