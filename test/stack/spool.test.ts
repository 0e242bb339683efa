import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kill, SourceProcess } from "../faults/outage/processes.ts";
import { eventually } from "./support/eventually.ts";
import { type Stack, stackUp } from "./support/stack.ts";

const HALF = 10_000;

let stack: Stack;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-spool-"));
  stack = await stackUp(23_300);
});

afterAll(async () => {
  await stack?.down();
  rmSync(directory, { recursive: true, force: true });
});

function source(first: number, total: number): SourceProcess {
  return new SourceProcess({
    url: `${stack.endpoint("collector", "otlp-http")}/v1/traces`,
    exporter: "durable",
    directory: join(directory, "spool"),
    first,
    total,
    perSecond: 5_000,
  });
}

interface Found {
  readonly data: readonly { readonly spans: readonly { readonly spanID: string }[] }[];
}

/** Ids of the spans in Jaeger. The collector has made a service of their model. */
async function inJaeger(): Promise<Set<string>> {
  const query = new URLSearchParams({ service: "model:gpt-4o-mini", limit: "1000" });
  const answer = await fetch(`${stack.endpoint("jaeger", "ui")}/api/traces?${query}`);
  const { data } = (await answer.json()) as Found;
  return new Set(data.flatMap(({ spans }) => spans.map(({ spanID }) => spanID)));
}

describe("our spool and the collector's queue together", () => {
  it(`lose none of ${2 * HALF} spans when Jaeger, the collector and the application die, one after another`, async () => {
    stack.kill("jaeger");
    {
      await using app = source(1, HALF);
      await app.made;
      await eventually("the first half in the collector's queue", async () =>
        (await app.report()).counts?.delivered === HALF ? true : undefined,
      );
    }
    {
      await using app = source(HALF + 1, HALF);
      await eventually("the application at work", async () =>
        Number((await app.report()).counts?.delivered) > 0 ? true : undefined,
      );
      stack.kill("collector");
      await app.made;
      await eventually("the rest in the application's spool", async () =>
        (await app.report()).counts?.inMemory === 0 ? true : undefined,
      );
      await kill(app.child);
    }
    await stack.restart("jaeger");
    await stack.restart("collector");
    await using next = source(2 * HALF + 1, 0);
    await next.made;
    const found = await eventually("every span in Jaeger", async () => {
      const ids = await inJaeger();
      if (ids.size < 2 * HALF) throw new Error(`${2 * HALF - ids.size} of ${2 * HALF} are missing`);
      return ids;
    });
    console.log(`${2 * HALF - found.size} of ${2 * HALF} spans lost`);
    expect(found.size).toBe(2 * HALF);
  });
});
