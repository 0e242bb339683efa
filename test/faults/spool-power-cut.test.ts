import { describe, expect, it } from "vitest";
import { type Cut, cutPower, whyNoImage } from "./programs/spool-power-cut.ts";

const CUTS = process.env["AGENT_OTEL_LONG_FAULTS"] === "1" ? 20 : 3;
const why = await whyNoImage();
if (why !== undefined) console.warn(`SKIPPED: power cuts: ${why}`);

async function cuts(count: number, durability: "none" | "fsync"): Promise<Cut> {
  const sum = { acked: 0, found: 0, lost: 0, corrupt: 0 };
  for (let i = 0; i < count; i++) {
    const cut = await cutPower(durability, 300 + Math.random() * 1_000);
    for (const key of ["acked", "found", "lost", "corrupt"] as const) sum[key] += cut[key];
  }
  const { acked, found, lost, corrupt } = sum;
  console.log(
    `${durability}: ${count} power cuts, ${acked} frames acknowledged, ${found} found, ${lost} lost, ${corrupt} damaged`,
  );
  return sum;
}

describe.skipIf(why !== undefined)(`a power cut${why === undefined ? "" : ` (skipped: ${why})`}`, () => {
  it(`loses no acknowledged frame with fsync, in ${CUTS} cuts`, async () => {
    const { acked, lost } = await cuts(CUTS, "fsync");
    expect(acked).toBeGreaterThan(0);
    expect(lost).toBe(0);
  }, 300_000);

  it("would be seen: without syncing it loses what was acknowledged", async () => {
    const { lost } = await cuts(1, "none");
    expect(lost).toBeGreaterThan(0);
  }, 60_000);
});
