import { describe, expect, it } from "vitest";
import { killLedgerWriters, type LedgerKills } from "./programs/ledger-kills.ts";

const KILLS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 1_000 : 150;

function show(name: string, { kills, acked, rows, lost, invalid }: LedgerKills): void {
  console.log(
    `${name}: ${kills} kills, ${acked} rows acknowledged, ${rows} in the ledger, ${lost} lost, ${invalid} invalid chains`,
  );
}

describe(`${KILLS.toLocaleString("en-US")} random kill -9 of processes that append to one ledger, two at a time`, () => {
  it("lose no acknowledged row, and leave a valid chain each time", async () => {
    const result = await killLedgerWriters(KILLS, "ledger");
    show("ledger", result);
    expect(result).toMatchObject({ kills: KILLS, lost: 0, invalid: 0 });
    expect(result.acked).toBeGreaterThan(10 * KILLS);
  }, 900_000);

  it("would be seen: who says yes before the commit loses rows", async () => {
    const result = await killLedgerWriters(10, "ack-first");
    show("ack first", result);
    expect(result.lost).toBeGreaterThan(0);
  });
});
