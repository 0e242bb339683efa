import { type DiagLogger, diag } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { logCorrelation } from "../../src/agent/log-correlation.ts";
import { startLogCorrelation } from "../../src/pipeline/log-correlation/start-log-correlation.ts";

const warnings: string[] = [];
const warn = (message: string) => void warnings.push(message);
const nothing = () => {};
const logger: DiagLogger = { error: warn, warn, info: nothing, debug: nothing, verbose: nothing };

afterEach(() => diag.disable());

describe("startLogCorrelation", () => {
  it("says once what is missing where records are wanted and have nowhere to go", () => {
    diag.setLogger(logger);
    startLogCorrelation({ loggers: ["pino"], records: true }, false)();
    startLogCorrelation({ loggers: ["pino"], records: true }, false)();
    expect(warnings).toEqual([expect.stringContaining("needs OTEL_LOGS_EXPORTER=otlp")]);
  });

  it("patches console only when asked, and gives it back", () => {
    const { log } = console;
    startLogCorrelation({ loggers: ["pino", "winston"], records: false }, false)();
    expect(console.log).toBe(log);
    const end = startLogCorrelation({ loggers: ["console"], records: false }, false);
    expect(console.log).not.toBe(log);
    end();
    expect(console.log).toBe(log);
    expect(logCorrelation.covers("console")).toBe(false);
  });

  it("makes records only where they are wanted and have somewhere to go", () => {
    const made = [true, false].flatMap((records) =>
      [true, false].map((exported) => {
        const end = startLogCorrelation({ loggers: ["pino"], records }, exported);
        const wanted = logCorrelation.records("pino");
        end();
        return wanted;
      }),
    );
    expect(made).toEqual([true, false, false, false]);
  });
});
