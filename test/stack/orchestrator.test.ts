import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { root } from "../contract/source-files.ts";
import { stackUp } from "./support/stack.ts";

const children: ChildProcess[] = [];
const providers: ScriptedProvider[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  for (const provider of providers.splice(0)) await provider.close();
});

interface Orchestrator {
  readonly url: string;
  readonly child: ChildProcess;
  /** All it printed so far. */
  readonly said: readonly string[];
  run(task: string): Promise<Response>;
}

async function start(port: number, env: Readonly<Record<string, string>> = {}): Promise<Orchestrator> {
  const child = spawnApp({ PORT: String(port), ...env });
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout!, child.stderr!]) {
      createInterface({ input: output }).on("line", (line) => {
        said.push(line);
        if (line.startsWith("listening")) resolve();
      });
    }
    child.once("exit", () => reject(new Error(said.join("\n"))));
  });
  const url = `http://127.0.0.1:${port}`;
  const run = (task: string) => fetch(`${url}/run`, { method: "POST", body: JSON.stringify({ task }) });
  return { url, child, said, run };
}

function spawnApp(env: Readonly<Record<string, string>>): ChildProcess {
  const { PATH, HOME } = process.env;
  const child = spawn(
    process.execPath,
    ["--import", join(root, "dist/register.js"), join(root, "examples/orchestrator/main.ts")],
    {
      cwd: root,
      env: { PATH, HOME, OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  children.push(child);
  return child;
}

/** A provider whose answers take until `release` is called. */
async function slowProvider() {
  const held: (() => void)[] = [];
  const provider = await scriptedProvider({
    respond: () => new Promise((resolve) => held.push(() => resolve({ text: "done" }))),
  });
  providers.push(provider);
  return {
    env: { OPENAI_API_KEY: "scripted", OPENAI_BASE_URL: provider.openaiBaseUrl },
    provider,
    held,
    release: () => {
      for (const one of held.splice(0)) one();
    },
  };
}

it("answers its probes and does a task", async () => {
  const app = await start(24_760);
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  expect((await fetch(`${app.url}/ready`)).status).toBe(200);
  const answer = await app.run("research otters");
  expect([answer.status, await answer.json()]).toEqual([200, { result: expect.stringContaining("Answer") }]);
});

it("runs MAX_CONCURRENT_AGENTS tasks at once, lets as many wait, and refuses the next with Retry-After", async () => {
  const slow = await slowProvider();
  const app = await start(24_761, { ...slow.env, MAX_CONCURRENT_AGENTS: "10" });
  const first = Array.from({ length: 10 }, () => app.run("a task"));
  await expect.poll(() => slow.held.length).toBe(10);
  // Ten of these eleven wait, so the first answer is the refusal of one.
  const more = Array.from({ length: 11 }, () => app.run("a task"));
  const refused = await Promise.race(more);
  expect(refused.status).toBe(503);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(slow.held.length).toBe(10);
  const pump = setInterval(slow.release, 10);
  const statuses = (await Promise.all([...first, ...more])).map(({ status }) => status);
  clearInterval(pump);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
});

it("never spends more than COST_LIMIT_HOURLY, and answers 429 with Retry-After then", async () => {
  let spentUsd = 0;
  const provider = await scriptedProvider({
    // Of gpt-4o-mini a million tokens cost 0.15 and 0.60 USD. Two such calls are just below what a task may cost.
    respond: () => {
      spentUsd += (150_000 * 0.15 + 1_000 * 0.6) / 1e6;
      return { text: "done", usage: { input: 150_000, output: 1_000 } };
    },
  });
  providers.push(provider);
  const app = await start(24_762, {
    OPENAI_API_KEY: "scripted",
    OPENAI_BASE_URL: provider.openaiBaseUrl,
    COST_LIMIT_HOURLY: "10.0",
  });
  const answers: Response[] = [];
  for (let round = 0; round < 13; round++) {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, () => app.run("a task")))));
  }
  const refused = answers.filter(({ status }) => status !== 200);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
  expect(spentUsd).toBeLessThanOrEqual(10);
  expect(spentUsd).toBeGreaterThan(9.9);
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
});

it("holds one limit for all replicas that share a Redis, and ends with 0 all the same", async () => {
  const stack = await stackUp(24_840, ["redis"]);
  onTestFinished(() => stack.down());
  let spentUsd = 0;
  const provider = await scriptedProvider({
    respond: () => {
      spentUsd += (150_000 * 0.15 + 1_000 * 0.6) / 1e6;
      return { text: "done", usage: { input: 150_000, output: 1_000 } };
    },
  });
  providers.push(provider);
  const env = {
    OPENAI_API_KEY: "scripted",
    OPENAI_BASE_URL: provider.openaiBaseUrl,
    AGENT_OTEL_REDIS: stack.endpoint("redis", "redis"),
    COST_LIMIT_HOURLY: "1.0",
  };
  const replicas = [await start(24_767, env), await start(24_768, env)];
  const statuses = new Set<number>();
  for (let round = 0; round < 4; round++) {
    const answers = replicas.flatMap((app) => Array.from({ length: 10 }, () => app.run("a task")));
    for (const { status } of await Promise.all(answers)) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([200, 429]);
  expect(spentUsd).toBeLessThanOrEqual(1);
  expect(spentUsd).toBeGreaterThan(0.9);
  for (const { child } of replicas) {
    const exit = once(child, "exit");
    child.kill("SIGTERM");
    expect(await exit).toEqual([0, null]);
  }
});

it("on SIGTERM is not ready, refuses what is new, finishes what runs, and ends with 0", async () => {
  const slow = await slowProvider();
  const app = await start(24_763, slow.env);
  const running = app.run("a task");
  await expect.poll(() => slow.held.length).toBe(1);
  const exit = once(app.child, "exit");
  app.child.kill("SIGTERM");
  await expect.poll(async () => (await fetch(`${app.url}/ready`)).status).toBe(503);
  expect((await fetch(`${app.url}/health`)).status).toBe(200);
  expect((await app.run("a late one")).status).toBe(503);
  const pump = setInterval(slow.release, 10);
  expect((await running).status).toBe(200);
  clearInterval(pump);
  expect(await exit).toEqual([0, null]);
  expect(app.said.at(-1)).toBe("stopped");
});

it("gives up what takes longer than DRAIN_SECONDS", async () => {
  const slow = await slowProvider();
  const app = await start(24_764, { ...slow.env, DRAIN_SECONDS: "0.2" });
  const running = app.run("a task");
  await expect.poll(() => slow.held.length).toBe(1);
  const exit = once(app.child, "exit");
  app.child.kill("SIGTERM");
  expect((await running).status).toBe(500);
  expect(await exit).toEqual([0, null]);
});

it.each([
  ["not JSON", "{", 400],
  ["no task", "{}", 400],
  ["an empty task", '{"task":""}', 400],
  ["a body that is too large", "x".repeat(200_000), 413],
])("refuses %s", async (_, body, status) => {
  const app = await start(24_765);
  const answer = await fetch(`${app.url}/run`, { method: "POST", body });
  expect(answer.status).toBe(status);
});

it("names every setting that is wrong, with its range and its value, and starts nothing", async () => {
  const child = spawnApp({ MAX_CONCURRENT_AGENTS: "ten", COST_LIMIT_HOURLY: "-1", PORT: "24766" });
  let said = "";
  child.stderr!.on("data", (text) => {
    said += text;
  });
  expect(await once(child, "close")).toEqual([1, null]);
  expect(said.trim().split("\n")).toEqual([
    'MAX_CONCURRENT_AGENTS must be a whole number from 1 to 1000, got "ten"',
    'COST_LIMIT_HOURLY must be a number from 0.01 to 100000, got "-1"',
  ]);
});
