import { describe, expect, it } from "vitest";
import type { SendResult } from "../../../src/health/alerts/alert-channel.ts";
import { errorAlert } from "../../../src/health/alerts/rules/error-alert.ts";
import { settled } from "../../work/manual-time.ts";
import { request, watch } from "./fixture.ts";

const rules = [errorAlert()];
const failing = (agent: string) => request({ agent, errorType: "E" });

describe("alerts on their way to a channel", () => {
  it("that are too many are said in one summary, and counted", async () => {
    const { calls, sent, counts } = watch({ rules }, { maxPerMinute: 5 });
    for (let i = 0; i < 40; i++) calls.publish(failing(`a${i}`));
    await settled();
    expect(sent).toHaveLength(5);
    expect(sent[4]).toMatchObject({ rule: "held_back", count: 36, summary: "36 more alerts: error 36" });
    expect(counts()).toEqual({ "error sent": 4, "error held_back": 36, "held_back sent": 1 });
  });

  it("are bounded, and what there is no room for is in the summary too", async () => {
    let isUp = false;
    const answer = (): SendResult => ({ kind: isUp ? "sent" : "again", afterMs: 10_000 });
    const { calls, time, sent } = watch({ rules }, { answer });
    for (let i = 0; i < 500; i++) calls.publish(failing(`a${i}`));
    await settled();
    isUp = true;
    await time.advance(10_000);
    expect(sent.at(-1)).toMatchObject({ rule: "held_back", count: 500 });
  });

  it("are tried again, later each time, and given up in the end", async () => {
    const times: number[] = [];
    const { calls, time, counts } = watch(
      { rules },
      {
        answer: () => {
          times.push(time.clock.monotonic());
          return { kind: "again" };
        },
      },
    );
    calls.publish(failing("a"));
    await time.advance(120_000);
    expect(times).toHaveLength(5);
    const pauses = times.slice(1).map((at, i) => at - times[i]!);
    for (const [i, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** i - 1);
      expect(pause).toBeLessThanOrEqual(1_000 * 2 ** i + 1);
    }
    expect(counts()).toEqual({ "error failed": 1 });
  });

  it("wait for as long as the channel asks, and no longer than five minutes", async () => {
    let asked = 0;
    const answer = (): SendResult | undefined => {
      asked += 1;
      return asked === 1 ? { kind: "again", afterMs: 86_400_000 } : undefined;
    };
    const { calls, time, counts } = watch({ rules, resolveAfterMs: 86_400_000 }, { answer });
    calls.publish(failing("a"));
    await time.advance(299_999);
    expect(asked).toBe(1);
    await time.advance(1);
    expect(counts()).toEqual({ "error sent": 1 });
  });

  it("that are over before they were told are not told at all", async () => {
    let isUp = false;
    const answer = (alert: { readonly subject: string }): SendResult =>
      isUp || alert.subject === "first" ? { kind: "sent" } : { kind: "again", afterMs: 250_000 };
    const { calls, time, said } = watch({ rules, resolveAfterMs: 100_000 }, { answer });
    calls.publish(failing("first"));
    await settled();
    calls.publish(failing("second"));
    calls.publish(failing("third"));
    await time.advance(200_000);
    isUp = true;
    await time.advance(100_000);
    expect(said().filter((each) => each.includes("third"))).toEqual([]);
    expect(said()).toContain("resolved error first");
  });

  it("are resolved for a channel that keeps them open, a summary when it is quiet again", async () => {
    const { calls, time, said } = watch(
      { rules, resolveAfterMs: 600_000 },
      { maxPerMinute: 2, keepsState: true },
    );
    for (let i = 0; i < 9; i++) calls.publish(failing(`a${i}`));
    await time.advance(60_000);
    expect(said()).toEqual(["firing error a0", "firing held_back test", "resolved held_back test"]);
    await time.advance(600_000);
    expect(said().slice(3)).toEqual(["resolved error a0"]);
  });

  it("are sent when it closes, in a summary where they are too many, and none after", async () => {
    const { calls, sent, watching, counts } = watch({ rules }, { maxPerMinute: 1 });
    for (let i = 0; i < 9; i++) calls.publish(failing(`a${i}`));
    await settled();
    for (let i = 10; i < 15; i++) calls.publish(failing(`a${i}`));
    await watching.close();
    await watching.close();
    expect(sent.map(({ rule, count }) => [rule, count])).toEqual([
      ["error", 1],
      ["held_back", 13],
    ]);
    calls.publish(failing("late"));
    expect(sent).toHaveLength(2);
    expect(counts()["error dropped"]).toBeUndefined();
  });

  it("hold up a program that closes for two seconds, whatever the channel does", async () => {
    const { calls, watching } = watch({ rules }, { send: () => new Promise(() => {}) });
    calls.publish(failing("a"));
    const from = performance.now();
    await watching.close();
    expect(performance.now() - from).toBeLessThan(2_500);
  });

  it("lose no resolved one of those that were told, of a hundred and fifty in a row", async () => {
    const { calls, time, said } = watch(
      { rules, resolveAfterMs: 60_000 },
      { maxPerMinute: 200, keepsState: true },
    );
    for (let i = 0; i < 150; i++) {
      calls.publish(failing(`a${i}`));
      await settled();
    }
    await time.advance(300_000);
    const firing = said().filter((each) => each.startsWith("firing"));
    const over = said().filter((each) => each.startsWith("resolved"));
    expect(over.length).toBe(firing.length);
  });
});
