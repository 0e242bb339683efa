import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { seeded } from "../../stack/support/random.ts";
import { kill, SinkProcess, SourceProcess } from "./processes.ts";

const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 1_000 : 150;
const AT_ONCE = 2;
/** Numbers that a process may give to its spans. */
const RANGE = 1_000_000;

function start(args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL("../programs/span-acks.ts", import.meta.url));
  return fork(path, args, { execArgv: [] });
}

async function ids(file: string): Promise<Set<bigint>> {
  const bytes = new Uint8Array(await readFile(file));
  return new Set(new BigUint64Array(bytes.buffer, 0, bytes.byteLength >> 3));
}

describe(`an exporting process that is killed ${KILLS} times`, () => {
  it("loses no span that it had accepted, and starts again each time", {
    timeout: KILLS * 2_000,
  }, async () => {
    const directory = await mkdtemp(join(tmpdir(), "agent-otel-kill-"));
    const [spool, acks, notes] = ["spool", "accepted", "received"].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    const random = seeded(11);
    // Slow enough for something to be left each time.
    const sink = await SinkProcess.start({ notes, latencyMs: 20 });
    try {
      let started = 0;
      const killOne = async (index: number): Promise<void> => {
        const child = start([sink.url, spool, acks, String(1 + index * RANGE)]);
        await once(child, "message");
        started++;
        await setTimeout(60 + random() * 80);
        await kill(child);
      };
      for (let i = 0; i < KILLS; i += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, (_, j) => killOne(i + j)));
      }
      await using last = new SourceProcess({
        url: sink.url,
        exporter: "durable",
        directory: spool,
        first: (KILLS + 1) * RANGE,
        total: 0,
        perSecond: 1,
      });
      await last.made;
      while (Number((await last.report()).counts?.inSpool) > 0) await setTimeout(50);
      await sink.report();
      const [accepted, received] = [await ids(acks), await ids(notes)];
      const lost = accepted.difference(received);
      console.log(
        `${KILLS} kills: ${lost.size} of ${accepted.size} accepted spans lost, ${KILLS - started} failed starts`,
      );
      expect(started).toBe(KILLS);
      expect(accepted.size).toBeGreaterThan(KILLS * 20);
      expect(lost.size).toBe(0);
    } finally {
      await kill(sink.child);
      await rm(directory, { recursive: true, force: true });
    }
  });
});
