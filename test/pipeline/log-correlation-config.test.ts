import { describe, expect, it } from "vitest";
import { readLogCorrelation } from "../../src/pipeline/environment/log-correlation-config.ts";

const NAME = "AGENT_OTEL_LOG_CORRELATION";

describe("AGENT_OTEL_LOG_CORRELATION", () => {
  it.each([
    [undefined, ["pino", "winston"]],
    ["", ["pino", "winston"]],
    ["pino", ["pino"]],
    ["console", ["console"]],
    [" pino, winston ,console", ["pino", "winston", "console"]],
    ["none", []],
  ])("%j means %j", (value, loggers) => {
    expect(readLogCorrelation({ [NAME]: value })).toEqual({ loggers, records: false });
  });

  it("refuses another logger, and none among others", () => {
    expect(() => readLogCorrelation({ [NAME]: "bunyan" })).toThrow(
      new TypeError(`${NAME} must be one of pino, winston, console, none, got "bunyan"`),
    );
    expect(() => readLogCorrelation({ [NAME]: "none,pino" })).toThrow(
      new TypeError(`${NAME} must not mix none with loggers, got "none,pino"`),
    );
  });
});

describe("option logCorrelation", () => {
  it("wins over the variable, which then is not even checked", () => {
    const read = (loggers: readonly ("pino" | "console")[]) =>
      readLogCorrelation({ [NAME]: "bunyan" }, { logCorrelation: loggers }).loggers;
    expect(read(["console"])).toEqual(["console"]);
    expect(read([])).toEqual([]);
  });

  it.each(["pino", ["bunyan"], ["none"], null])("refuses %j", (value) => {
    expect(() => readLogCorrelation({}, { logCorrelation: value as never })).toThrow("start: logCorrelation");
  });
});

describe("AGENT_OTEL_LOG_RECORDS", () => {
  it.each([
    ["true", true],
    ["TRUE", true],
    ["1", false],
    ["", false],
  ])("%j means %s", (value, records) => {
    expect(readLogCorrelation({ AGENT_OTEL_LOG_RECORDS: value }).records).toBe(records);
  });
});
