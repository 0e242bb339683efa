import type { Context } from "@opentelemetry/api";
import { reportFailure } from "../internal/warn-once.ts";

export type LoggerName = "pino" | "winston" | "console";

/** One line of a logger, on its way to becoming an OpenTelemetry log record. */
export interface LogLine {
  readonly logger: LoggerName;
  /** As the logger names it. */
  readonly level: string;
  /** Of the OpenTelemetry logs data model, 1 to 24; left out where the level is one of the user's own. */
  readonly severity: number | undefined;
  readonly body: unknown;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
  /** Where the line was logged. @default the active context */
  readonly context?: Context;
}

/**
 * Which loggers get ids on their lines, and where the lines go besides. Nothing until `start()` or `register` says so. The
 * loggers are patched by the instrumentation and the records are made by the pipeline; this is where the two meet.
 */
export class LogCorrelation {
  #loggers: ReadonlySet<LoggerName> = new Set();
  #record: ((line: LogLine) => void) | undefined;
  #recording = false;

  /** @param record Gets every line of these loggers, inside of calls and outside. */
  use(loggers: readonly LoggerName[], record?: (line: LogLine) => void): void {
    this.#loggers = new Set(loggers);
    this.#record = record;
  }

  covers(logger: LoggerName): boolean {
    return this.#loggers.has(logger);
  }

  /** Whether somebody wants this line: asked before a line is taken apart. */
  records(logger: LoggerName): boolean {
    return this.#record !== undefined && !this.#recording && this.#loggers.has(logger);
  }

  /**
   * Hands a line on. What is logged meanwhile, by an exporter for one, is not: else it would never end.
   *
   * @param line Made only where somebody wants it. May throw, as the user's objects may.
   */
  record(logger: LoggerName, line: () => LogLine | undefined): void {
    if (!this.records(logger)) return;
    this.#recording = true;
    try {
      const made = line();
      if (made !== undefined) this.#record?.(made);
    } catch (error) {
      reportFailure(`a log record of ${logger}`, error);
    } finally {
      this.#recording = false;
    }
  }
}

/** The process-wide one. */
export const logCorrelation = new LogCorrelation();
