import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { answer, portOf, rawServer } from "./support.ts";

// Above the start of a process on a busy machine, below the timeout of 30 s that the program's sender has.
const SOON_MS = 10_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A program that sends `bytes` to `url`, and holds itself alive for it only where `how` says so. */
async function program(
  url: string,
  bytes: number,
  how: "holds" | "lets go" | "reads",
  timeoutMs = 30_000,
): Promise<Ended> {
  const path = fileURLToPath(new URL("./sends-one-frame.ts", import.meta.url));
  const args = ["--unhandled-rejections=strict", path, url, String(bytes), how, String(timeoutMs)];
  const startMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
  const killed = setTimeout(() => child.kill("SIGKILL"), 40_000);
  const out = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, "close");
  clearTimeout(killed);
  const [stdout, stderr] = await out;
  return { code, stdout, stderr, tookMs: performance.now() - startMs };
}

describe("a process that has nothing else to do", () => {
  it("is not kept alive by a request that waits for its answer", async () => {
    await using server = await rawServer(() => {});
    const { code, stderr, tookMs } = await program(server.url, 10, "lets go");
    expect([code, stderr]).toEqual([0, ""]);
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  it("is not kept alive by an idle connection", async () => {
    await using server = await rawServer((_, socket) => void socket.write(answer("200 OK")));
    const { stdout, tookMs } = await program(server.url, 10, "holds");
    expect(stdout).toContain('"kind":"delivered"');
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  it("is not kept alive by a receiver that does not read what is written", async () => {
    const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    server.on("connection", (socket) =>
      socket
        .on("error", () => {})
        .resume()
        .pause(),
    );
    const { code, stdout, tookMs } = await program(
      `http://127.0.0.1:${portOf(server)}/`,
      32 * 2 ** 20,
      "lets go",
    );
    server.close();
    expect([code, stdout]).toEqual([0, expect.stringContaining("nothing else to do")]);
    expect(tookMs).toBeLessThan(SOON_MS);
  });

  it("gets its answer where it holds itself alive for it", async () => {
    await using server = await rawServer(
      (_, socket) => void setTimeout(() => socket.write(answer("200 OK")), 1_000),
    );
    const { stdout } = await program(server.url, 10, "holds");
    expect(stdout).toContain('"kind":"delivered"');
  });

  it("gets its answer from a slow reader where it holds itself alive for it", async () => {
    const server = createServer({ pauseOnConnect: true }, (socket) => {
      setTimeout(() => socket.resume(), 1_000);
      let read = 0;
      socket.on("data", (chunk: Buffer) => {
        read += chunk.length;
        if (read > 32 * 2 ** 20) socket.end(answer("200 OK"));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { stdout } = await program(`http://127.0.0.1:${portOf(server)}/`, 32 * 2 ** 20, "holds");
    server.close();
    expect(stdout).toContain('"kind":"delivered"');
  });

  it("that is held by what cannot be seen is taken for one that is done once only", async () => {
    const server = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { stdout } = await program(`http://127.0.0.1:${portOf(server)}/`, 32 * 2 ** 20, "reads", 1_000);
    server.close();
    expect(stdout).toMatch(/nothing else to do.*\n.*no answer in time/);
  });
});
