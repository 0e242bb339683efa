import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HostUnsafe } from "../../naive/host-unsafe.ts";
import { controlDelay, isTooMuch, type Verdict, verdict } from "./added-delay.ts";
import { whyNot } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { runHost } from "./run-host.ts";
import { Turns } from "./turns.ts";
import { MOST_ADDED_MS, violations } from "./violations.ts";

const turns = new Turns();
const rows: Record<string, string | number>[] = [];
let controlMs = Number.NaN;
beforeAll(async () => {
  controlMs = await controlDelay(turns);
}, 120_000);
afterAll(() => {
  console.log(`delay of the event loop at p99 without telemetry: ${controlMs} ms`);
  console.table(rows);
});

function note(name: string, { ends, addedMs }: Verdict, found: readonly string[]): void {
  const { report, stderr } = ends[0] ?? {};
  rows.push({
    broken: name,
    "p99 added, ms": addedMs === undefined ? "-" : Math.round(addedMs * 10) / 10,
    "longest, ms": Math.round(report?.delay.max ?? 0),
    "ended after, ms": report?.endAfterMs ?? "-",
    warnings: stderr?.length ?? 0,
    outcome: found.length === 0 ? "ok" : found.join("; ").slice(0, 120),
  });
}

describe.concurrent("the program's calls, its end and its event loop stay as they are when", () => {
  for (const kind of KINDS) {
    const reason = whyNot(kind);
    it.skipIf(reason !== undefined)(
      reason === undefined ? kind.name : `${kind.name} (skipped: ${reason})`,
      async () => {
        const result = await verdict(kind, turns, controlMs);
        const found = result.ends.flatMap((end) => violations(end, kind.saysRuns, kind.holdsMs));
        if (isTooMuch(result.addedMs)) found.push(`adds more than ${MOST_ADDED_MS} ms of delay at p99`);
        note(kind.name, result, found);
        expect(found).toEqual([]);
      },
    );
  }
});

describe.concurrent("the same checks see that first versions of telemetry", () => {
  it.each<[HostUnsafe, string]>([
    ["throws", "wrong results"],
    ["rejects", "unhandledRejection: Error: the collector refuses"],
    ["chatters", "said more than once"],
    ["changes results", "wrong results"],
    ["keeps alive", "did not end by itself"],
  ])("%s", async (fault, seen) => {
    const end = await runHost({ args: [fault, "2000", "naive"], env: {} }, await turns.take());
    expect(violations(end).join("; ")).toContain(seen);
  });

  it("blocks", async () => {
    const end = await runHost({ args: ["blocks", "10000", "naive"], env: {} }, await turns.take());
    expect(isTooMuch((end.report?.delay.p99 ?? 0) - controlMs)).toBe(true);
  });
});
