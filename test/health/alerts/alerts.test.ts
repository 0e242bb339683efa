import { describe, expect, it } from "vitest";
import { breakerOpenAlert } from "../../../src/health/alerts/rules/breaker-open-alert.ts";
import { costAlert } from "../../../src/health/alerts/rules/cost-alert.ts";
import { errorAlert } from "../../../src/health/alerts/rules/error-alert.ts";
import { healthBelowAlert } from "../../../src/health/alerts/rules/health-below-alert.ts";
import { settled } from "../../work/manual-time.ts";
import { costing, request, TRACE, watch } from "./fixture.ts";

const moved = (to: string, from = "closed") =>
  ({ kind: "breaker_moved", breaker: "search", from, to, reason: "failures" }) as const;

describe("what is an alert", () => {
  it("is a request that failed, with its class of error and no message", async () => {
    const { calls, sent } = watch();
    calls.publish(request({ errorType: "TimeoutError" }));
    await settled();
    expect(sent).toEqual([
      {
        key: "error:researcher",
        state: "firing",
        rule: "error",
        subject: "researcher",
        severity: "error",
        summary: "researcher failed: TimeoutError",
        since: new Date(Date.UTC(2026, 0, 1)),
        at: new Date(Date.UTC(2026, 0, 1)),
        count: 1,
        facts: { error_type: "TimeoutError" },
        traceId: TRACE,
        service: "tests",
      },
    ]);
  });

  it("is a request that cost more than a dollar, or took more than thirty seconds, and none at that", async () => {
    const { calls, said } = watch();
    calls.publish(request({ ...costing(1), durationMs: 30_000 }));
    calls.publish(request({ agent: "a", ...costing(1.01) }));
    calls.publish(request({ agent: "b", durationMs: 30_001 }));
    await settled();
    expect(said()).toEqual(["firing cost a", "firing duration b"]);
  });

  it("is not what an agent does for another one: the request has it all", async () => {
    const { calls, said } = watch();
    calls.publish(request({ callerType: "agent", caller: "boss", errorType: "E", ...costing(9) }));
    calls.publish(request({ operation: "chat", errorType: "E", durationMs: 90_000 }));
    calls.publish(
      request({ operation: "invoke_workflow", workflow: "report", agent: undefined, errorType: "E" }),
    );
    await settled();
    expect(said()).toEqual(["firing error report"]);
  });

  it("is a breaker that is open, until it is closed", async () => {
    const { signals, said } = watch();
    for (const [to, from] of [
      ["open", "closed"],
      ["half_open", "open"],
      ["open", "half_open"],
      ["half_open", "open"],
      ["closed", "half_open"],
    ] as const)
      signals.tell(moved(to, from));
    await settled();
    expect(said()).toEqual(["firing breaker_open search", "resolved breaker_open search"]);
  });

  it("is a budget, a dead letter and a failure mode", async () => {
    const { signals, sent } = watch();
    signals.tell({ kind: "budget_nearly_used", budget: "team", window: "day", share: 0.81 });
    signals.tell({ kind: "dead_letter", queue: "dead-letters", taskType: "search", reason: "timeout" });
    signals.tell({ kind: "failure_mode", mode: "ping_pong", agent: "researcher" });
    await settled();
    expect(sent.map(({ summary }) => summary)).toEqual([
      "budget team is used to 81 % for this day",
      "a task of type search was given up into dead-letters: timeout",
      "researcher shows ping_pong",
    ]);
  });

  it("is bad health, until it is clearly better; what is not known changes nothing", async () => {
    let score: number | undefined = 90;
    const health = { agents: () => [{ agent: "researcher", score }] };
    const { time, said } = watch({ health });
    for (score of [90, 49, undefined, 52, 49, 40, 54, 55, 100]) await time.advance(15_000);
    expect(said()).toEqual(["firing health_below researcher", "resolved health_below researcher"]);
  });

  it("is what the rules of the program say, each with its own limits", async () => {
    const own = {
      name: "slow_tokens",
      onRequest: () =>
        ({ kind: "firing", subject: "s", severity: "info", summary: "own", facts: {} }) as const,
    };
    const { calls, said } = watch({
      rules: [errorAlert({ ignore: ["AbortError"] }), costAlert({ aboveUsd: 0.1 }), own],
    });
    calls.publish(request({ errorType: "AbortError", ...costing(0.2) }));
    await settled();
    expect(said()).toEqual(["firing cost researcher", "firing slow_tokens s"]);
  });
});

describe("an alert", () => {
  it("is said once, again after an hour in which it goes on, and once more when it is over", async () => {
    const { calls, time, sent, said, counts, watching } = watch({ rules: [errorAlert()] });
    for (let minute = 0; minute <= 61; minute++) {
      calls.publish(request({ errorType: "E" }));
      await time.advance(60_000);
    }
    expect(said()).toEqual(["firing error researcher", "firing error researcher"]);
    expect(sent[1]).toMatchObject({ count: 61, since: sent[0]!.since });
    expect(watching.open).toMatchObject([{ count: 62 }]);
    await time.advance(300_000);
    expect(said().slice(2)).toEqual(["resolved error researcher"]);
    expect(watching.open).toEqual([]);
    calls.publish(request({ errorType: "E" }));
    await settled();
    expect(sent.at(-1)).toMatchObject({ state: "firing", count: 1 });
    expect(counts()).toEqual({ "error repeated": 60, "error sent": 4 });
  });

  it("is resolved by time that has passed, and not by a clock that was set", async () => {
    const { calls, time, said } = watch({ rules: [errorAlert()] });
    calls.publish(request({ errorType: "E" }));
    time.clock.setWallClock(Date.UTC(2030, 0, 1));
    await time.advance(299_999);
    expect(said()).toHaveLength(1);
    await time.advance(1);
    expect(said()).toHaveLength(2);
  });

  it("is one of a thousand: the subjects of more are one", async () => {
    const { calls, watching } = watch({ rules: [errorAlert()] });
    for (let i = 0; i < 1_500; i++) calls.publish(request({ agent: `agent-${i}`, errorType: "E" }));
    await settled();
    expect(watching.open).toHaveLength(1_001);
    expect(watching.open.at(-1)).toMatchObject({ subject: "_OTHER", count: 500 });
  });

  it("has no control characters of a name in it, and no more of it than fits", async () => {
    const { calls, sent } = watch({ rules: [errorAlert()] });
    calls.publish(request({ agent: `\u001b[2Jevil\r\n\u202e${"x".repeat(10_000)}`, errorType: "E" }));
    await settled();
    expect(JSON.stringify(sent)).not.toMatch(/\\u001b|\\r|\\n|\u202e/);
    expect(sent[0]!.subject.length).toBeLessThanOrEqual(128);
    expect(sent[0]!.summary.length).toBeLessThanOrEqual(512);
  });

  it("of a rule that throws, and of a channel that does, reaches nobody's program", async () => {
    const bad = {
      name: "bad",
      onRequest: () => {
        throw new Error("rule");
      },
    };
    const { calls, counts } = watch(
      { rules: [bad, errorAlert()] },
      {
        send: () => {
          throw new Error("channel");
        },
      },
    );
    expect(() => calls.publish(request({ errorType: "E" }))).not.toThrow();
    await settled();
    expect(counts()).toEqual({ "error failed": 1 });
  });
});

describe("options of alerts", () => {
  it.each([
    [{ channels: [] }, "alerts: number of channels must be a whole number from 1 to 20, got 0"],
    [{ resolveAfterMs: 5 }, "alerts: resolveAfterMs must be a whole number from 1000 to 86400000, got 5"],
    [{ channels: [{ name: "x" } as never] }, 'alerts: channel "x" must have a function send()'],
    [{ rules: [{} as never] }, "alerts: rules: name must be a string, got undefined"],
    [{ health: {} as never }, "alerts: health must have a function agents()"],
  ])("are refused where they are wrong: %j", (options, message) => {
    expect(() => watch(options)).toThrow(message);
  });

  it("of rules are checked too", () => {
    expect(() => costAlert({ aboveUsd: -1 })).toThrow("costAlert: aboveUsd must be a number from 0");
    expect(() => healthBelowAlert({ below: 101 })).toThrow(
      "healthBelowAlert: below must be a number from 0 to 100",
    );
    expect(breakerOpenAlert().name).toBe("breaker_open");
  });
});
