import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { createClient } from "redis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import type { Order, Report } from "./programs/shared-breaker.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const PROGRAM = join(root, "test/stack/programs/shared-breaker.ts");
/** Far above what a call takes, and far below every time limit of a store. */
const SLOW_MS = 1_000;

let stack: Stack;
const children: Member[] = [];

beforeAll(async () => {
  stack = await stackUp(23_620, ["redis", "postgres"]);
});

afterAll(() => stack?.down());

afterEach(async () => {
  for (const child of children.splice(0)) await child.end();
});

/** One process with one breaker. */
class Member {
  readonly #child: ChildProcess;

  constructor(where: string, name: string) {
    this.#child = fork(PROGRAM, [where, name, "obey"], { stdio: ["ignore", "ignore", "ignore", "ipc"] });
  }

  async tell(order: Order): Promise<Report> {
    this.#child.send(order);
    const [report] = (await once(this.#child, "message")) as [Report];
    return report;
  }

  /** @returns Milliseconds that it took. */
  async reaches(state: string, withinMs: number): Promise<number> {
    const startedMs = performance.now();
    for (;;) {
      const report = await this.tell("report");
      const tookMs = performance.now() - startedMs;
      if (report.state === state) return tookMs;
      if (tookMs > withinMs) throw new Error(`not ${state} within ${withinMs} ms: ${JSON.stringify(report)}`);
      await wait(5);
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.disconnect();
    await ended;
  }
}

function start(where: string, name: string): Member {
  const member = new Member(where, name);
  children.push(member);
  return member;
}

/** Some processes that are connected to the store. */
async function started(where: string, name: string, count: number): Promise<readonly Member[]> {
  const members = Array.from({ length: count }, () => start(where, name));
  const [first] = members;
  for (const order of ["forced_open", "reset"] as const) {
    await first!.tell(order);
    for (const member of members) await member.reaches(order === "reset" ? "closed" : order, 10_000);
  }
  return members;
}

/** How a process that was told nothing more ends. */
async function ends(where: string, name: string, way: "idle" | "force") {
  const startedMs = performance.now();
  const child = fork(PROGRAM, [where, name, way], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
  child.disconnect();
  const [said, errors, [code]] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, "exit"),
  ]);
  return { code, said: said + errors, ms: performance.now() - startedMs };
}

const SERVERS = ["redis", "postgres"] as const;

describe.each([...SERVERS, "sqlite"] as const)("processes that share a breaker through %s", (database) => {
  const directory = mkdtempSync(join(tmpdir(), "agent-otel-shared-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  const where = () =>
    database === "sqlite" ? join(directory, "shared.db") : stack.endpoint(database, database);
  const name = `${database} ${randomUUID()}`;

  it("refuse within a second what one of them forces open, and call again after a reset", async () => {
    const [one, other] = await started(where(), `${name} force`, 2);
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await one!.tell("forced_open");
      times.push(await other!.reaches("forced_open", 1_000));
      await other!.tell("reset");
      times.push(await one!.reaches("closed", 1_000));
    }
    console.log(`${database}: slowest of 20 took ${Math.max(...times).toFixed(0)} ms`);
  });

  it("disable where one of them disables", async () => {
    const [one, other] = await started(where(), `${name} disable`, 2);
    await one!.tell("disabled");
    await other!.reaches("disabled", 1_000);
  });

  it("find what was forced open before they started", async () => {
    const [one] = await started(where(), `${name} late`, 1);
    await one!.tell("forced_open");
    await one!.end();
    await start(where(), `${name} late`).reaches("forced_open", 5_000);
  });

  it("do not open because one of them does, and half of them need half as many failures", async () => {
    const [bad, ...others] = await started(where(), `${name} bad`, 4);
    for (let n = 0; n < 4; n += 1) await bad!.tell("fail");
    expect((await bad!.tell("report")).state).toBe("open");
    // Until the advice has had time to arrive.
    await wait(1_000);
    const states = async (order: Order) =>
      (await Promise.all(others.map((other) => other.tell(order)))).map(({ state }) => state).toSorted();
    expect(await states("report")).toEqual(["closed", "closed", "closed"]);
    expect(await states("fail")).toEqual(["closed", "closed", "closed"]);
    expect(await states("fail")).toEqual(["closed", "open", "open"]);
    expect(await states("fail")).toEqual(["closed", "open", "open"]);
  });

  // SQLite is no process.
  it.skipIf(database === "sqlite")(
    "go on while it is killed; what was done then, and after, arrives once it is back",
    async () => {
      const [one, other, third] = await started(where(), `${name} killed`, 3);
      await other!.tell("call");
      stack.kill(database);
      await wait(500);
      await one!.tell("forced_open");
      await wait(2_500);
      const during = await other!.tell("report");
      expect(during).toMatchObject({ state: "closed", refused: 0, failed: 0 });
      expect((await one!.tell("report")).storeFailures).toBeGreaterThan(0);
      expect(during.calls).toBeGreaterThan(100);
      await stack.restart(database);
      const tookMs = await other!.reaches("forced_open", 15_000);
      await third!.reaches("forced_open", 15_000);
      const after = await other!.tell("report");
      console.log(
        `${database}: ${after.calls} calls, slowest ${after.slowestMs.toFixed(0)} ms; arrived ${tookMs.toFixed(0)} ms after it was back`,
      );
      expect(after.slowestMs).toBeLessThan(SLOW_MS);
      await third!.tell("reset");
      await other!.reaches("closed", 10_000);
      await one!.tell("disabled");
      await third!.reaches("disabled", 1_000);
    },
  );

  it("end by themselves when they have nothing else to do", async () => {
    const ended = await ends(where(), `${name} idle`, "idle");
    expect(ended).toMatchObject({ code: 0, said: "" });
    expect(ended.ms).toBeGreaterThan(1_500);
    expect(ended.ms).toBeLessThan(6_000);
  });

  it("hand in what an operator did before they end, without being told to wait", async () => {
    const ended = await ends(where(), `${name} script`, "force");
    expect(ended).toMatchObject({ code: 0, said: "" });
    await start(where(), `${name} script`).reaches("forced_open", 5_000);
  });
});

describe.each(SERVERS)("a process whose %s", (database) => {
  const url = (port: number) => `${database}://jane:hunter2@127.0.0.1:${port}/0`;

  it("is not there ends all the same, says so once, and keeps the password to itself", async () => {
    // A port that nobody has; 1 is for a service that is long gone.
    const ended = await ends(url(1), "gone", "force");
    expect(ended.code).toBe(0);
    expect(ended.said).toMatch(
      new RegExp(`store of shared breakers ${database}://jane@127.0.0.1:1/0 failed`),
    );
    expect(ended.said.match(/store of shared breakers/g)).toHaveLength(1);
    expect(ended.said).not.toContain("hunter2");
    expect(ended.ms).toBeLessThan(5_000);
  });

  it("takes connections and never answers ends all the same", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as { port: number };
    const ended = await ends(url(port), "silent", "force");
    silent.close();
    expect(ended.code).toBe(0);
    expect(ended.ms).toBeLessThan(10_000);
  });
});

describe("processes that share a breaker through Redis", () => {
  const where = () => stack.endpoint("redis", "redis");

  it("give it back what it has lost", async () => {
    const name = `lost ${randomUUID()}`;
    const [one] = await started(where(), name, 2);
    await one!.tell("forced_open");
    await one!.reaches("forced_open", 1_000);
    await wait(500);
    const client = createClient({ url: where() });
    await client.connect();
    await client.flushAll();
    // The next reading of either of them.
    await expect.poll(() => client.exists(`agent-otel:breaker:{${name}}`), { timeout: 8_000 }).toBe(1);
    client.destroy();
    await start(where(), name).reaches("forced_open", 5_000);
  });

  it("go on while it hangs, and hear of what was done once it does not", async () => {
    const name = `hung ${randomUUID()}`;
    const [one, other] = await started(where(), name, 2);
    const client = createClient({ url: where() });
    await client.connect();
    const pid = Number(/process_id:(\d+)/.exec(await client.info("server"))?.[1]);
    client.destroy();
    await other!.tell("call");
    process.kill(pid, "SIGSTOP");
    try {
      await one!.tell("forced_open");
      await wait(8_000);
      const during = await other!.tell("report");
      expect(during).toMatchObject({ state: "closed", refused: 0, failed: 0 });
      expect((await one!.tell("report")).storeFailures).toBeGreaterThan(0);
      expect(during.slowestMs).toBeLessThan(SLOW_MS);
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await other!.reaches("forced_open", 15_000);
  });
});
