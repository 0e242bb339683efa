import { describe, expect, it } from "vitest";
import { openDiskQueue } from "../../src/pipeline/durable-span-exporter/disk/open-disk-queue.ts";
import { naiveSegmentReader } from "../naive/spool-length-prefixed.ts";
import { type Report, runCorruptions } from "./programs/spool-corruptions.ts";

const CORRUPTIONS = 10_000;

function show(name: string, report: Report): void {
  const { corruptions, stores, crashes, refusals, recovered, missing, damaged, counted } = report;
  console.log(
    `${name}: ${corruptions} corruptions of ${stores} stores, ${crashes} crashes, ${refusals} refusals; ` +
      `${recovered} frames recovered, ${missing} undamaged missing; ${damaged} damaged, ${counted} counted; seed ${report.seed}`,
  );
}

describe(`${CORRUPTIONS.toLocaleString("en-US")} random corruptions of stores`, () => {
  it("crash nothing, refuse nothing, lose no undamaged frame, and each damaged one is counted", async () => {
    const report = await runCorruptions(CORRUPTIONS, openDiskQueue);
    show("spool", report);
    expect(report).toMatchObject({
      crashes: 0,
      refusals: 0,
      missing: 0,
      wrong: 0,
      lawBroken: 0,
      leftBehind: 0,
    });
    expect(report.counted).toBe(report.damaged);
  }, 120_000);

  it("would be seen: a reader that believes each length loses what stands behind a damaged one", async () => {
    const report = await runCorruptions(500, naiveSegmentReader);
    show("naive", report);
    expect(report.missing).toBeGreaterThan(0);
  });
});
