import { describe, expect, it } from "vitest";
import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";
import { ManualClock } from "../../../../src/testing/manual-clock.ts";
import { NOW_MS, ROWS } from "./answer-rows.ts";
import { naiveSender } from "./naive-sender.ts";
import { rawServer, sendTo } from "./support.ts";

const clock = new ManualClock(NOW_MS);

describe("what an answer means", () => {
  it.each(ROWS)("$name", async ({ script, outcome }) => {
    await using server = await rawServer(script);
    const sender = httpSender({ url: server.url, clock });
    expect(await sendTo(sender)).toEqual(outcome);
    sender.close();
  });

  it.each(ROWS)("asks once only: $name", async ({ script }) => {
    await using server = await rawServer(script);
    const sender = httpSender({ url: server.url, clock });
    await sendTo(sender);
    expect(server.requests).toHaveLength(1);
    sender.close();
  });

  it("is got wrong by a sender as one writes it in ten lines", async () => {
    const wrong: string[] = [];
    for (const { name, script, outcome } of ROWS) {
      await using server = await rawServer(script);
      const got = await sendTo(naiveSender(server.url)).catch(() => "threw");
      if (typeof got === "string" || got.kind !== outcome.kind) wrong.push(name);
    }
    // By the kind alone; by rejected spans, Retry-After and texts it is wrong more often.
    expect(wrong.length, wrong.join("; ")).toBeGreaterThan(15);
  });
});
