import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { CliError, UsageError } from "../../src/cli/cli-error.ts";
import { healthCommand } from "../../src/cli/commands/health.ts";
import type { SystemHealth } from "../../src/server/api/agents.ts";
import { telemetryStore } from "../../src/server/telemetry-store/telemetry-store.ts";
import { columnsOf } from "../../src/telemetry/format-trace-text.ts";
import { refusingUrl } from "../pipeline/fixtures/otlp-sink.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runCommand } from "./support/run-command.ts";
import { runOf, telemetryFile } from "./support/telemetry.ts";

const id = (n: number) => n.toString(16).padStart(32, "a");
const EVIL = "evil\x1b]0;owned\x07\x9b31m\u202egnp";

const run = (...args: readonly string[]) => runCommand(healthCommand, {}, args);

const SPANS = [
  ...Array.from({ length: 20 }, (_, n) => runOf(id(n), "writer")).flat(),
  ...Array.from({ length: 20 }, (_, n) => runOf(id(100 + n), "reviewer", { failed: n < 15 })).flat(),
];

/** A server that answers everything with this. @returns Its URL. */
async function serving(status: number, body: string): Promise<string> {
  const server = createServer((_, response) => void response.writeHead(status).end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("agent-otel health", () => {
  it("shows the worst agent first, with bar, status, calls and success", async () => {
    const { code, out } = await run("--telemetry", await telemetryFile(SPANS));
    expect(code).toBe(0);
    const lines = out.split("\n");
    expect(lines[0]).toMatch(/^In the last \d+ minutes: (degraded|unhealthy), the worst of 2 agents at \d+$/);
    expect(lines[2]).toMatch(/^AGENT +SCORE +STATUS +CALLS +SUCCESS +P95 +BREAKER$/);
    expect(lines[3]).toMatch(/^reviewer {2}[█░]{10} +\d+ {2}(degraded|unhealthy) +20 +25\.0 % +\d+ ms$/);
    expect(lines[4]).toMatch(/^writer {4}██████████ +\d+ {2}healthy +20 {2}100\.0 % +\d+ ms$/);
  });

  it("shows an agent that is no longer called as unknown", async () => {
    const spans = runOf(id(1), "sleeper", { agoMs: 30 * 60_000 });
    const { out } = await run("--db", await telemetryFile(spans));
    expect(out).toMatch(/^sleeper +unknown +unknown +0 +unknown +unknown$/m);
  });

  it("says so where nothing was called", async () => {
    const { code, out } = await run("--telemetry", await telemetryFile([]));
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^No agent was called in the last/),
    });
  });

  it("gives the answer of the REST surface as JSON", async () => {
    const { out } = await run("--telemetry", await telemetryFile(SPANS), "--json");
    const health = JSON.parse(out) as SystemHealth;
    expect(health.agents.map(({ agent, calls }) => [agent, calls])).toEqual([
      ["reviewer", 20],
      ["writer", 20],
    ]);
  });

  it("asks a running server for the same", async () => {
    const { out } = await run("--telemetry", await telemetryFile(SPANS), "--json");
    expect((await run("--url", await serving(200, out), "--json")).out).toBe(out);
  });

  it("reads the file while another process has it, and writes nothing", async () => {
    const path = join(await temporaryFolder(), "telemetry.db");
    const store = telemetryStore({ path });
    onTestFinished(() => store.close());
    await store.add({ spans: SPANS });
    expect((await run("--telemetry", path)).out).toContain("writer");
    await store.add({ spans: runOf(id(500), "latecomer") });
    expect((await run("--telemetry", path)).out).toContain("latecomer");
  });

  it.each([60, 80])("fits a terminal of %i columns, and prints nothing that it obeys", async (columns) => {
    const path = await telemetryFile(runOf(id(1), `${EVIL}${"long".repeat(40)}`));
    const { out } = await runCommand(healthCommand, { columns }, ["--telemetry", path]);
    expect(Math.max(...out.split("\n").map(columnsOf))).toBeLessThanOrEqual(columns);
    expect(out).toContain("evil");
    for (const text of [out, (await run("--telemetry", path, "--json")).out])
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("fails in one line where there is no file, another one, or a newer one", async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, "nowhere", "telemetry.db");
    await expect(run("--telemetry", missing)).rejects.toThrow(`there is no telemetry in ${missing}`);
    for (const [name, pragmas, message] of [
      ["other.db", "PRAGMA application_id = 7; CREATE TABLE t (a)", "is a database of another program"],
      ["empty.db", "PRAGMA user_version = 0", "holds nothing yet"],
    ] as const) {
      const path = join(folder, name);
      const db = new DatabaseSync(path);
      db.exec(pragmas);
      db.close();
      await expect(run("--telemetry", path)).rejects.toThrow(message);
    }
    const newer = await telemetryFile([]);
    const db = new DatabaseSync(newer);
    db.exec("PRAGMA user_version = 999");
    db.close();
    await expect(run("--telemetry", newer)).rejects.toThrow("has schema version 999");
    await expect(run("--telemetry", newer)).rejects.toBeInstanceOf(CliError);
  });

  it("fails in one line where the server is not there, refuses, or is another one", async () => {
    const url = await refusingUrl();
    await expect(run("--url", url)).rejects.toThrow(
      `cannot reach ${url}/api/agents: ECONNREFUSED; is "agent-otel dev" running there?`,
    );
    const problem = JSON.stringify({ detail: `no token ${EVIL}` });
    const refusing = run("--url", await serving(401, problem));
    await expect(refusing).rejects.toThrow(/^the server answers 401: no token evil\\x1b/);
    await expect(run("--url", await serving(200, "<html>"))).rejects.toThrow("update the older one");
  });

  it.each([
    [["writer"], 'health takes options only, not "writer"'],
    [["--url", "nowhere"], "--url must be an http:// or https:// URL"],
    [["--url", "http://jane:secret@host"], "--url must be an http:// or https:// URL without a login"],
    [["--url", "http://host", "--db", "x.db"], "give one of --db and --url, not both"],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(run(...args)).rejects.toThrow(message);
    await expect(run(...args)).rejects.toBeInstanceOf(UsageError);
  });
});
