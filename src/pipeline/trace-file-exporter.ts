import { accessSync, constants, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { diag } from "@opentelemetry/api";
import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace";
import { MAX_LINE_BYTES } from "../telemetry/otlp-json-lines.ts";
import { otlpJsonRequest } from "./otlp-json-request.ts";

// A disk that hangs must not take the memory of the process. One export of 512 spans is about half a MiB.
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const NEWLINE = Buffer.from("\n");

/**
 * Writes finished spans to a file as OTLP/JSON lines: what `agent-otel trace` reads, and the collector's
 * `otlpjsonfile` receiver too. It appends, so several runs and processes may share a file; the file is created, readable
 * by its owner only, at the first write. A failed write is reported to `diag` once and never thrown.
 *
 * @param path Made absolute now, so that a later `process.chdir` does not move it.
 * @throws TypeError when the directory does not exist, or the file cannot be written to.
 */
export function traceFileExporter(path: string): SpanExporter {
  return new TraceFileExporter(checkedPath(path));
}

class TraceFileExporter implements SpanExporter {
  readonly #path: string;
  #writes: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  /** A process that died while it wrote may have left half a line, and so may a full disk. */
  #lineMayBeTorn = true;
  #reported = false;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#append(spans).then(
      () => done({ code: ExportResultCode.SUCCESS }),
      (reason: unknown) => {
        const error = reason instanceof Error ? reason : new Error(String(reason));
        this.#report(error);
        done({ code: ExportResultCode.FAILED, error });
      },
    );
  }

  forceFlush(): Promise<void> {
    return this.#writes;
  }

  shutdown(): Promise<void> {
    this.#closed = true;
    return this.#writes;
  }

  async #append(spans: ReadableSpan[]): Promise<void> {
    if (this.#closed) throw new Error("the trace file exporter was shut down");
    if (spans.length === 0) return;
    const lines = Buffer.concat(linesOf(spans));
    if (this.#waitingBytes + lines.length > MAX_WAITING_BYTES) {
      throw new Error(`${this.#waitingBytes} bytes of spans are waiting to be written already`);
    }
    this.#waitingBytes += lines.length;
    const written = this.#writes.then(() => this.#write(lines));
    this.#writes = written.catch(() => {});
    await written.finally(() => {
      this.#waitingBytes -= lines.length;
    });
  }

  async #write(lines: Buffer): Promise<void> {
    // Opened for each write, so that a file that was moved away by a log rotation is created anew.
    const file = await open(this.#path, "a+", 0o600);
    try {
      const torn = this.#lineMayBeTorn && (await endsInsideLine(file));
      // In one write: lines of processes that share the file do not run into each other.
      await file.writeFile(torn ? Buffer.concat([NEWLINE, lines]) : lines);
      this.#lineMayBeTorn = false;
    } catch (error) {
      this.#lineMayBeTorn = true;
      throw error;
    } finally {
      await file.close();
    }
  }

  #report(error: Error): void {
    if (this.#reported) return;
    this.#reported = true;
    diag.error(
      `agent-otel: cannot write spans to ${this.#path} (said once, later failures are silent)`,
      error,
    );
  }
}

/** One line for all spans, or more where readers would take it for too long. */
function linesOf(spans: ReadableSpan[]): Uint8Array[] {
  const line = Buffer.from(JSON.stringify(otlpJsonRequest(spans)));
  if (line.length <= MAX_LINE_BYTES || spans.length === 1) return [line, NEWLINE];
  const half = Math.ceil(spans.length / 2);
  return [...linesOf(spans.slice(0, half)), ...linesOf(spans.slice(half))];
}

async function endsInsideLine(file: FileHandle): Promise<boolean> {
  const stat = await file.stat();
  // A terminal or a pipe has no end to look at, and reading would wait for input.
  if (!stat.isFile() || stat.size === 0) return false;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, stat.size - 1);
  return buffer[0] !== NEWLINE[0];
}

function checkedPath(path: string): string {
  const wrong = (what: string, cause?: unknown): TypeError =>
    new TypeError(`traceFileExporter: ${what}; check AGENT_OTEL_TRACE_FILE or the path given`, { cause });
  if (path === "") throw wrong("the path is empty");
  const file = resolve(path);
  const directory = dirname(file);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw wrong(`cannot write ${file}: there is no directory ${directory}`);
  }
  const existing = statSync(file, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw wrong(`cannot write ${file}: it is a directory`);
  try {
    accessSync(existing ? file : directory, constants.W_OK);
  } catch (error) {
    throw wrong(`cannot write ${file}: permission denied`, error);
  }
  return file;
}
