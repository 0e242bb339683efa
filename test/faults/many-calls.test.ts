import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { ManyCalls } from "./programs/many-calls.ts";

const CALLS = 100_000;
const MOST_MIB = 5;
const program = fileURLToPath(new URL("programs/many-calls.ts", import.meta.url));

async function run(...more: string[]): Promise<ManyCalls> {
  const args = ["--expose-gc", program, String(CALLS), ...more];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as ManyCalls;
}

function grownMib({ heapEarly, heapLate }: ManyCalls): number {
  return (heapLate - heapEarly) / 2 ** 20;
}

describe(`${CALLS.toLocaleString("en-US")} agent calls with model calls, a tenth aborted or left early`, () => {
  let ours: ManyCalls;
  beforeAll(async () => {
    ours = await run();
    console.log(
      `heap after ${CALLS} calls: ${grownMib(ours).toFixed(1)} MiB more than after a tenth of them`,
    );
  }, 300_000);

  it("start one span each, and one for the model call", () => {
    expect(ours.spans.started).toBe(2 * CALLS);
  });

  it("end every span", () => {
    expect(ours.spans.ended).toBe(ours.spans.started);
  });

  it(`leave the heap as it was, within ${MOST_MIB} MiB`, () => {
    expect(grownMib(ours)).toBeLessThan(MOST_MIB);
  });

  it("would be seen to leak: a map by span id keeps what was left early", async () => {
    expect(grownMib(await run("naive"))).toBeGreaterThan(MOST_MIB);
  }, 300_000);
});
