import { execFile } from "node:child_process";
import { readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { root } from "../contract/source-files.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const SECRETS = ["GRAFANA_ADMIN_PASSWORD", "GRAFANA_SECRET_KEY", "REDIS_PASSWORD", "POSTGRES_PASSWORD"];

interface Said {
  readonly code?: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ports of this machine may be taken, so all are moved to where a test has put something, or nothing. */
async function composeEnv(file: string, env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const script = join(root, "scripts/compose-env.ts");
  return promisify(execFile)(process.execPath, [script, "--file", file], {
    env: { PATH: process.env["PATH"], ...env },
  }).catch((error: unknown) => error as Said);
}

const valuesOf = (file: string) => {
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(
    lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split("=", 2) as [string, string]),
  );
};

it("makes a file that only its owner reads, with a long password each, and shows none", async () => {
  const file = join(await temporaryFolder(), ".env");
  const { stdout, stderr } = await composeEnv(file);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const values = valuesOf(file);
  expect(Object.keys(values)).toEqual(SECRETS);
  expect(new Set(Object.values(values)).size).toBe(SECRETS.length);
  for (const value of Object.values(values)) {
    expect(value).toMatch(/^[\w-]{32}$/);
    expect(stdout + stderr).not.toContain(value);
  }
  expect(stdout).toContain(`made ${SECRETS.join(", ")}`);
});

it("leaves what is set as it is, fills in what is empty or left out, and keeps all other lines", async () => {
  const file = join(await temporaryFolder(), ".env");
  writeFileSync(file, "# mine\nOTHER=1\nGRAFANA_ADMIN_PASSWORD=my own = word\nREDIS_PASSWORD=\n", {
    mode: 0o644,
  });
  await composeEnv(file);
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^# mine\nOTHER=1\nGRAFANA_ADMIN_PASSWORD=my own = word\nREDIS_PASSWORD=[\w-]{32}\n/);
  expect(Object.keys(valuesOf(file)).sort()).toEqual([...SECRETS, "OTHER"].sort());
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("changes nothing when it is run again", async () => {
  const file = join(await temporaryFolder(), ".env");
  await composeEnv(file);
  const first = readFileSync(file, "utf8");
  await composeEnv(file);
  expect(readFileSync(file, "utf8")).toBe(first);
});

it("names the port that is taken and the variable to change, also one that the file has moved", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  const file = join(await temporaryFolder(), ".env");
  writeFileSync(file, `AGENT_OTEL_GRAFANA_PORT=${port}\n`);
  const { code, stderr } = await composeEnv(file);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `port ${port} is taken: stop what has it, or set AGENT_OTEL_GRAFANA_PORT in .env to a free one`,
  );
});

it("names a port that is none, with its range", async () => {
  const file = join(await temporaryFolder(), ".env");
  const { code, stderr } = await composeEnv(file, { AGENT_OTEL_JAEGER_PORT: "70000" });
  expect(code).toBe(1);
  expect(stderr).toContain('AGENT_OTEL_JAEGER_PORT must be a port from 1 to 65535, got "70000"');
});

it("does not write through a link", async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, "elsewhere"), "");
  symlinkSync(join(folder, "elsewhere"), join(folder, ".env"));
  const { code, stderr } = await composeEnv(join(folder, ".env"));
  expect([code, stderr]).toEqual([1, expect.stringContaining("is not a plain file")]);
  expect(readFileSync(join(folder, "elsewhere"), "utf8")).toBe("");
});
