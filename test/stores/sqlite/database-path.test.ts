import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { databasePath } from "../../../src/stores/sqlite/database-path.ts";

describe("the path of the database", () => {
  it("is the option, else AGENT_OTEL_DB, else .agent-otel/agent-otel.db", () => {
    const env = { AGENT_OTEL_DB: " /data/from-env.db " };
    expect(databasePath("/data/from-option.db", env)).toBe("/data/from-option.db");
    expect(databasePath(undefined, env)).toBe("/data/from-env.db");
    expect(databasePath(undefined, { AGENT_OTEL_DB: " " })).toBe(resolve(".agent-otel/agent-otel.db"));
    expect(databasePath(undefined, {})).toBe(resolve(".agent-otel/agent-otel.db"));
  });

  it.each([[""], [" "], ["a\0b"], [":memory:"], ["file:a.db?mode=ro"], [5 as never]])(
    "refuses %j",
    (path) => {
      expect(() => databasePath(path, {})).toThrow(
        /^sqlite: path must be (?:a plain path|the path of a file), got /,
      );
    },
  );

  it("names the variable where that is at fault", () => {
    expect(() => databasePath(undefined, { AGENT_OTEL_DB: ":memory:" })).toThrow(
      'sqlite: AGENT_OTEL_DB must be a plain path, got ":memory:"',
    );
  });

  it("refuses the URL of another store, and repeats no password of it", () => {
    const refused = () => databasePath(undefined, { AGENT_OTEL_DB: "postgres://app:hunter2@db/agents" });
    expect(refused).toThrow(
      "sqlite: AGENT_OTEL_DB must be a plain path, got the URL of another store (postgres:…)",
    );
    expect(refused).not.toThrow("hunter2");
  });
});
