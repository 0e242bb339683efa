import { describe, expect, it } from "vitest";
import { type Kills, killWriters } from "./programs/spool-kills.ts";

const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 1_000 : 150;

function show(name: string, { kills, acked, delivered, left, lost, twice, trouble }: Kills): void {
  console.log(
    `${name}: ${kills} kills, ${acked} frames acknowledged, ${delivered} delivered, ${left} left at the end, ` +
      `${lost} lost, ${twice} twice, ${trouble.length} failed restarts or drops`,
  );
}

describe(`${KILLS.toLocaleString("en-US")} random kill -9 of processes that write to one spool, two at a time`, () => {
  it("lose no acknowledged frame, and every restart opens the spool", async () => {
    const result = await killWriters(KILLS, "none");
    show("spool", result);
    expect(result).toMatchObject({ lost: 0, wrong: 0, trouble: [] });
    expect(result.acked).toBeGreaterThan(KILLS);
  }, 900_000);

  it("lose none either where each frame is synced before it is acknowledged", async () => {
    const result = await killWriters(Math.ceil(KILLS / 5), "fsync");
    show("spool, fsync", result);
    expect(result).toMatchObject({ lost: 0, wrong: 0, trouble: [] });
    expect(result.acked).toBeGreaterThan(KILLS / 5);
  }, 900_000);

  it("would be seen: a queue that is in memory first loses what it had not written yet", async () => {
    const result = await killWriters(10, "none", "naive");
    show("naive", result);
    expect(result.lost).toBeGreaterThan(0);
  }, 300_000);
});
