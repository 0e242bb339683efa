import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { agent } from "../../../src/agent/agent.ts";
import { chat } from "../../../src/agent/chat.ts";
import { goalMet, progressMade } from "../../../src/agent/goal.ts";
import { handoff } from "../../../src/agent/handoff.ts";
import { tool } from "../../../src/agent/tool.ts";
import { workflow } from "../../../src/agent/workflow.ts";
import { FailureModeError } from "../../../src/errors/failure-mode-error.ts";
import { detectFailureModes } from "../../../src/health/failure-modes/detect-failure-modes.ts";
import type { FailureMode } from "../../../src/health/failure-modes/failure-mode.ts";
import {
  type FailureModes,
  type FailureModesOptions,
  failureModes,
} from "../../../src/health/failure-modes.ts";
import { observe } from "../../../src/instrumentation/observe.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/index.ts";
import { nextTurn, watch } from "../../agent/support.ts";

const seen = watch();
let modes: FailureModes | undefined;
const install = (options: FailureModesOptions = {}): FailureModes => {
  modes = failureModes(options);
  return modes;
};
afterEach(() => {
  modes?.close();
  modes = undefined;
});

const ask = (finish = "stop", output = 100) =>
  chat({ provider: "openai", model: "gpt-5-mini" }, async (call) => {
    work();
    call.usage({ input: 100, output });
    call.response({ finishReasons: [finish] });
  });
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Long enough for a clock of milliseconds, as real tools take. */
function work(): void {
  for (const beganMs = performance.now(); performance.now() < beganMs + 3; );
}
const search = tool("search", async (query: string) => {
  work();
  return `found ${query}`;
});
const found = () => modes!.findings().map(({ mode, agent, reason }) => ({ mode, agent, reason }));
const events = () =>
  seen.spans.spans.flatMap((span) => span.events.filter(({ name }) => name === names.EVENT_FAILURE_MODE));
const counted = (agentName: string): number =>
  metricSources
    .collect()
    .filter(({ name }) => name === names.METRIC_FAILURE_MODES)
    .flatMap(({ kind, points }) => (kind === "counter" ? points : []))
    .filter(({ attributes }) => attributes[names.ATTR_AGENT_NAME] === agentName)
    .reduce((sum, { value }) => sum + value, 0);

describe("an agent of a real client that asks for the same tool again and again", () => {
  let provider: ScriptedProvider;
  beforeAll(async () => {
    provider = await scriptedProvider();
  });
  afterAll(() => provider.close());

  async function stuck(name: string) {
    const client = observe(new OpenAI({ apiKey: "none", baseURL: `${provider.url}/v1`, maxRetries: 0 }));
    let runs = 0;
    const look = tool("look_up", async (city: string) => {
      runs += 1;
      return city;
    });
    const run = agent(name, async () => {
      for (let i = 0; i < 6; i++) {
        await client.chat.completions.create({
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "weather?" }],
        });
        await look("Oslo");
      }
      return "answer";
    });
    const supervisor = workflow(`${name} desk`, async () => await run());
    const outcome = await supervisor().catch((error: unknown) => error);
    return { outcome, runs };
  }

  it("is found out, once, as an event on its span and in the metric, and goes on", async () => {
    install();
    const { outcome, runs } = await stuck("warned");
    expect({ outcome, runs }).toEqual({ outcome: "answer", runs: 6 });
    const span = seen.spans.get("invoke_agent warned");
    const [event] = span.events.filter(
      ({ attributes }) => attributes[names.ATTR_FAILURE_MODE] === "step_repetition",
    );
    expect(event?.attributes).toMatchObject({
      "agents.failure_mode.name": "step_repetition",
      "agents.failure_mode.mast": "FM-1.3",
      "agents.failure_mode.action": "warn",
      "agents.failure_mode.reason": "same_arguments",
      "agents.failure_mode.count": 3,
      "agents.failure_mode.limit": 3,
      "agents.failure_mode.names": ["look_up"],
      "agents.failure_mode.span_ids": seen.spans
        .all("execute_tool look_up")
        .slice(0, 2)
        .map(({ spanId }) => spanId),
      "gen_ai.agent.name": "warned",
    });
    expect(events().length).toBe(modes!.findings().length);
    expect(counted("warned")).toBe(modes!.findings().filter(({ agent: name }) => name === "warned").length);
    expect(seen.warnings.filter((line) => line.includes("step_repetition"))).toHaveLength(1);
  });

  it("is stopped at the third time by abort, and its callers get the typed error", async () => {
    install({ action: { step_repetition: "abort" } });
    const { outcome, runs } = await stuck("stopped");
    expect(runs).toBe(2);
    expect(outcome).toBeInstanceOf(FailureModeError);
    expect(outcome).toMatchObject({
      code: "failure_mode",
      mode: "step_repetition",
      agent: "stopped",
      count: 3,
    });
    expect(seen.spans.get("invoke_workflow stopped desk").attributes["error.type"]).toBe("failure_mode");
    expect(seen.spans.all("execute_tool look_up")).toHaveLength(2);
  });

  it("is found in its finished trace just as while it went on", async () => {
    install();
    await stuck("both");
    const later = detectFailureModes(seen.spans.spans);
    const facts = (list: readonly { mode: string; agent: string; reason: string; count: unknown }[]) =>
      list.map(({ mode, agent: name, reason, count }) => ({ mode, name, reason, count }));
    expect(facts(later)).toEqual(facts(modes!.findings().toReversed()));
    expect(later.find(({ mode }) => mode === "step_repetition")?.spanIds).toEqual(
      modes!.findings().find(({ mode }) => mode === "step_repetition")?.spanIds,
    );
  });
});

describe("a run that was aborted", () => {
  it("makes no further call of a model, a tool or an agent, also where its program goes on", async () => {
    install({ action: "abort" });
    const other = agent("other", async (signal: AbortSignal) => signal);
    const refused: unknown[] = [];
    await agent("stubborn", async () => {
      for (let i = 0; i < 5; i++) {
        for (const call of [() => search("x"), () => ask(), () => other(new AbortController().signal)]) {
          await (async () => call())().catch((error: unknown) => refused.push(error));
        }
        if (refused.length === 0 && i > 3) throw new Error("never refused");
      }
    })();
    expect(new Set(refused).size).toBe(1);
    expect(refused.length).toBeGreaterThan(3);
    expect(refused[0]).toBeInstanceOf(FailureModeError);
  });

  it("does not stop the next run", async () => {
    install({ action: "abort" });
    const run = agent("again", async (times: number) => {
      for (let i = 0; i < times; i++) await search("x");
      return "done";
    });
    await expect(run(3)).rejects.toBeInstanceOf(FailureModeError);
    await expect(run(2)).resolves.toBe("done");
  });
});

describe("each mode", () => {
  async function expectMode(mode: FailureMode, agentName: string, reason: string, run: () => unknown) {
    install();
    await run();
    expect(found()).toContainEqual({ mode, agent: agentName, reason });
    expect(detectFailureModes(seen.spans.spans).map(({ mode: name }) => name)).toEqual(
      modes!
        .findings()
        .map(({ mode: name }) => name)
        .toReversed(),
    );
  }

  it("loop: the same two calls in turn, three times", () =>
    expectMode(
      "loop",
      "looper",
      "repeated_sequence",
      agent("looper", async () => {
        for (let i = 0; i < 3; i++) {
          await search("a");
          await search("b");
        }
      }),
    ));

  it("ping_pong: four handoffs to and fro with nothing done", () =>
    expectMode(
      "ping_pong",
      "sales",
      "back_and_forth",
      workflow("desk", async () => {
        const sales = agent("sales", async (_: number, __: AbortSignal) => {
          work();
          handoff("billing");
        });
        const billing = agent("billing", async (_: number, __: AbortSignal) => {
          work();
          handoff("sales");
        });
        const { signal } = new AbortController();
        for (let i = 0; i < 4; i++) await (i % 2 === 0 ? billing : sales)(i, signal);
      }),
    ));

  it("unaware_of_termination: a call past the goal", () =>
    expectMode(
      "unaware_of_termination",
      "keen",
      "past_goal",
      agent("keen", async () => {
        work();
        goalMet();
        await nextTurn();
        await ask();
      }),
    ));

  it("unaware_of_termination: more model calls than declared", () =>
    expectMode(
      "unaware_of_termination",
      "capped",
      "iteration_cap",
      agent(
        "capped",
        async () => {
          for (let i = 0; i < 3; i++) await ask();
        },
        { maxIterations: 2 },
      ),
    ));

  it("premature_termination: a workflow ends well without what it requires", () =>
    expectMode(
      "premature_termination",
      "report",
      "required_not_run",
      workflow(
        "report",
        async () => {
          await agent("write", async () => ask())();
        },
        { requires: ["research", "write"] },
      ),
    ));

  it("premature_termination: a worker is still at work", () =>
    expectMode("premature_termination", "hasty", "open_children", async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const slow = agent("slow", (_: AbortSignal) => promise);
      let open: Promise<void> | undefined;
      await agent("hasty", async () => {
        open = slow(new AbortController().signal);
        // SDKs know starts to the millisecond: an end right after one may seem to come before it.
        work();
      })();
      work();
      resolve();
      await open;
    }));

  it("premature_termination: the last answer was cut", () =>
    expectMode(
      "premature_termination",
      "cut",
      "cut_answer",
      agent("cut", () => ask("length", 4_000)),
    ));

  it("missing_verification: a writer whose work nobody checks", () =>
    expectMode("missing_verification", "fm-writer", "not_verified", async () => {
      agent("fm-reviewer", async () => {}, { verifies: ["fm-writer"] });
      const write = agent("fm-writer", async (_: AbortSignal) => ask());
      await workflow("press", async () => write(new AbortController().signal))();
    }));

  it("unknown_tool: one that the agent was not given", () =>
    expectMode(
      "unknown_tool",
      "modest",
      "not_given",
      agent("modest", () => search("x"), { tools: ["read"] }),
    ));

  it("unknown_tool: one that does not exist", () =>
    expectMode("unknown_tool", "dreamer", "does_not_exist", async () => {
      class NoSuchToolError extends Error {
        override name = "NoSuchToolError";
      }
      const fly = tool("fly", async () => {
        throw new NoSuchToolError();
      });
      await agent("dreamer", async () => fly().catch(() => {}))();
    }));

  it("worker_without_timeout: an agent called by another with nothing that could end it", () =>
    expectMode(
      "worker_without_timeout",
      "worker",
      "no_deadline",
      agent("boss", () => agent("worker", async () => {})()),
    ));
});

describe("what is right is not found", () => {
  it.each<readonly [string, () => unknown]>([
    ["equal calls side by side", agent("fan", () => Promise.all([1, 2, 3, 4].map(() => search("x"))))],
    [
      "pages",
      agent("pager", async () => {
        for (let page = 0; page < 10; page++) {
          await ask();
          await search(`page ${page}`);
        }
      }),
    ],
    [
      "equal calls with progress between them",
      agent("poller", async () => {
        for (let i = 0; i < 5; i++) {
          await search("x");
          progressMade();
        }
      }),
    ],
    [
      "a tool that polls",
      agent("waiter", async () => {
        const status = tool("status", async () => "waiting", { repeatable: true });
        for (let i = 0; i < 9; i++) await status();
      }),
    ],
    [
      "a worker with a signal",
      agent("chief", () => agent("hand", async (_: AbortSignal) => {})(new AbortController().signal)),
    ],
    [
      "a worker with a declared time",
      agent("chief 2", () => agent("hand 2", async () => {}, { timeoutMs: 1_000 })()),
    ],
    ["a short answer that was cut on purpose", agent("yes or no", () => ask("length", 1))],
    [
      "a goal that is met last",
      agent("ready", async () => {
        await ask();
        goalMet();
      }),
    ],
  ])("%s", async (_, run) => {
    install();
    await run();
    expect(modes!.findings()).toEqual([]);
    expect(detectFailureModes(seen.spans.spans)).toEqual([]);
  });
});

describe("the detectors of a process", () => {
  it("add digests to spans while they are installed, and not otherwise", async () => {
    const run = agent("digested", () => search("x"));
    await run();
    install();
    await run();
    const digests = seen.spans
      .all("execute_tool search")
      .map(({ attributes }) => attributes[names.ATTR_TOOL_DIGEST]);
    expect(digests).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  it("are installed once at a time", () => {
    install();
    expect(() => failureModes()).toThrow(TypeError);
    modes!.close();
    modes!.close();
    expect(() => install()).not.toThrow();
  });

  it("refuse options that are not right, and are then not installed", () => {
    expect(() => failureModes({ action: "stop" as "abort" })).toThrow(
      "must be none, warn or abort, got stop",
    );
    expect(() => failureModes({ action: { loops: "abort" } as object })).toThrow("action: loops is none of");
    expect(() => failureModes({ stepRepetition: { repeats: 1 } })).toThrow(
      new RangeError("failureModes: stepRepetition.repeats must be a whole number >= 2, got 1"),
    );
    expect(() => failureModes({ digestKey: "short" })).toThrow(
      "failureModes: digestKey must have at least 16",
    );
    expect(() => install()).not.toThrow();
  });

  it("leave out what is switched off, and only record what is `none`", async () => {
    install({ stepRepetition: false, action: "none" });
    await agent("off", async () => {
      for (let i = 0; i < 5; i++) await search("x");
      for (let i = 0; i < 3; i++) await ask();
      goalMet();
      await ask();
    })();
    expect(found()).toEqual([{ mode: "unaware_of_termination", agent: "off", reason: "past_goal" }]);
    expect(events()).toHaveLength(1);
    expect(seen.warnings).toEqual([]);
    expect(modes!.counts()).toEqual([{ mode: "unaware_of_termination", agent: "off", count: 1 }]);
  });

  it("do not disturb a run where a listener fails", async () => {
    install({
      onFinding: () => {
        throw new Error("listener");
      },
    });
    await expect(
      agent("undisturbed", async () => {
        for (let i = 0; i < 3; i++) await search("x");
        return "done";
      })(),
    ).resolves.toBe("done");
  });

  it("forget a run when it ends, also one that fails", async () => {
    install();
    const run = agent("brief", async (fails: boolean) => {
      expect(modes!.openRuns).toBe(1);
      await search("x");
      if (fails) throw new Error("no");
    });
    await run(false);
    await run(true).catch(() => {});
    expect(modes!.openRuns).toBe(0);
  });

  it("look at so many runs at once and no more, and leave the quietest alone", async () => {
    install({ maxRuns: 100 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const hang = agent("hanging", () => promise);
    const runs = Array.from({ length: 1_000 }, () => hang());
    expect(modes!.openRuns).toBe(100);
    resolve();
    await Promise.all(runs);
    expect(modes!.openRuns).toBe(0);
  });

  it("keep a bounded state of a run that goes on and on", async () => {
    install({ unawareOfTermination: { maxIterations: 1e9 } });
    const noop = tool("noop", (_: number) => {});
    await agent("endless", async () => {
      for (let i = 0; i < 10_000; i++) noop(i);
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      seen.spans.reset();
      for (let i = 10_000; i < 50_000; i++) {
        noop(i);
        if (i % 1_000 === 0) seen.spans.reset();
      }
      seen.spans.reset();
      seen.records.length = 0;
      collectGarbage();
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1_048_576);
    })();
  });
});

describe("without an SDK", () => {
  it("runs are stopped all the same", async () => {
    seen.spans.stop();
    install({ action: "abort" });
    const run = agent("no sdk", async () => {
      for (let i = 0; i < 5; i++) await search("x");
    });
    await expect(run()).rejects.toBeInstanceOf(FailureModeError);
  });
});
