import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import { devCommand } from "../../src/cli/commands/dev.ts";
import { telemetryStore } from "../../src/server/telemetry-store/telemetry-store.ts";
import { runCommand } from "./support/run-command.ts";

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "dev-cli-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What the command says where it does not start. */
async function refusal(args: readonly string[]): Promise<Error> {
  try {
    await runCommand(devCommand, {}, args);
  } catch (error) {
    return error as Error;
  }
  throw new Error("it has started");
}

/** With its files in a folder of its own. */
function places(path = folder()): readonly string[] {
  return ["--telemetry", join(path, "telemetry.db"), "--db", join(path, "agent-otel.db")];
}

describe("agent-otel dev", () => {
  it.each([
    [["--port", "70000"], '--port must be a whole number from 0 to 65535, got "70000"'],
    [["--port=-1"], '--port must be a whole number from 0 to 65535, got "-1"'],
    [["--otlp-port", "http"], '--otlp-port must be a whole number from 0 to 65535, got "http"'],
    [["--keep-days", "0"], '--keep-days must be a whole number from 1 to 365, got "0"'],
    [["--max-spans", "5"], '--max-spans must be a whole number from 1000 to 100000000, got "5"'],
    [["--allow-host", "http://evil"], '--allow-host must be a host name without a port, got "http://evil"'],
    [["--port", "4318"], "--port and --otlp-port must differ, got 4318 for both"],
    [["app.js"], 'dev takes no "app.js"'],
  ])("refuses %j, and names what it allows", async (args, message) => {
    const error = await refusal(args);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toBe(message);
  });

  it("says in one line who is in the way where a port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const error = await refusal(["--otlp-port", String(port), "--port", "0", ...places()]);
    expect(error).toBeInstanceOf(CliError);
    expect(error.message).toBe(
      `port ${port} of 127.0.0.1 is in use; stop who uses it, or choose another with --otlp-port`,
    );
  });

  it("says in one line that another one works with the same file", async () => {
    const path = folder();
    const store = telemetryStore({ path: join(path, "telemetry.db") });
    onTestFinished(() => store.close());
    const error = await refusal(["--port", "0", "--otlp-port", "0", ...places(path)]);
    expect(error).toBeInstanceOf(CliError);
    expect(error.message).toMatch(
      /^Store ".+" is in use by process \d+ since .+: stop it, or name another file$/,
    );
  });

  it("says in one line that the file is of a newer version", async () => {
    const path = folder();
    telemetryStore({ path: join(path, "telemetry.db") }).close();
    const db = new DatabaseSync(join(path, "telemetry.db"));
    db.exec("PRAGMA user_version = 999");
    db.close();
    const error = await refusal(["--port", "0", "--otlp-port", "0", ...places(path)]);
    expect(error).toBeInstanceOf(CliError);
    expect(error.message).toMatch(
      /^Store ".+" has schema version 999, and this agent-otel knows versions up to \d+: update agent-otel/,
    );
  });
});
