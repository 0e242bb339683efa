import { ROOT_CONTEXT } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { addContextSource } from "../../../src/agent/active-scope.ts";
import type { CallGuard } from "../../../src/agent/call-guard.ts";
import { runGuarded } from "../../../src/agent/run-guarded.ts";
import { openAgent, openTool } from "../../../src/agent/told/told-calls.ts";
import { ToldModelCall } from "../../../src/agent/told/told-model-call.ts";
import { agent, chat, tool } from "../../../src/index.ts";
import { watch } from "../support.ts";

const MODEL = { provider: "openai", model: "gpt-4o" } as const;
const USAGE = { input: 100, output: 10 };

/** A client's call, in whatever context is active. */
function client(tells = true): void {
  chat(MODEL, ({ usage }) => {
    if (tells) usage(USAGE);
  });
}

describe.each(["inside", "beside"] as const)(
  "a model call that a framework tells of, clients %s",
  (clients) => {
    const told = watch();
    const models = () => told.spans.all(/^chat /);

    /** The framework tells of `calls` at once; the client makes them where it finds itself. */
    function run(calls: number, byClient: (call: ToldModelCall) => void): void {
      agent("writer", () => {
        const open = Array.from({ length: calls }, () => new ToldModelCall(MODEL, { clients }));
        for (const call of open) byClient(call);
        for (const call of open) {
          call.usage(USAGE);
          call.end();
        }
      })();
    }
    const within = (call: ToldModelCall, fn: () => void) => (clients === "inside" ? call.run(fn) : fn());

    it("is one span where no client tells of it", () => {
      run(1, () => {});
      expect(models()).toHaveLength(1);
    });

    it("has its tokens and its agent", () => {
      run(1, () => {});
      expect(models()[0]?.attributes).toMatchObject({
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.agent.name": "writer",
      });
    });

    it("is the client's span where a client tells of it", () => {
      run(1, (call) => within(call, () => client()));
      expect(models()).toHaveLength(1);
    });

    it("is counted once in the agent's totals", () => {
      run(1, (call) => within(call, () => client()));
      expect(told.spans.get("invoke_agent writer").attributes).toMatchObject({
        "agents.own.calls": 1,
        "agents.own.tokens": 110,
      });
    });

    it("is as many spans as there are calls where several run at once", () => {
      run(3, (call) => within(call, () => client()));
      expect(models()).toHaveLength(3);
    });

    it("is a span of its own where the client did not learn the tokens", () => {
      run(1, (call) => within(call, () => client(false)));
      expect(models().map(({ attributes }) => attributes["gen_ai.usage.input_tokens"])).toEqual([
        undefined,
        100,
      ]);
    });

    it("is asked for once by a limit, whoever tells of it", () => {
      let asked = 0;
      const guard: CallGuard = {
        modelCall() {
          asked += 1;
          return undefined;
        },
      };
      runGuarded(guard, () => run(2, (call) => within(call, () => client())));
      expect(asked).toBe(2);
    });

    it("leaves calls of other agents alone", () => {
      agent("writer", () => {
        const call = new ToldModelCall(MODEL, { clients: "beside" });
        agent("other", () => client())();
        call.usage(USAGE);
        call.end();
      })();
      expect(models()).toHaveLength(2);
    });

    it("counts once outside of any agent", () => {
      const call = new ToldModelCall(MODEL, { clients });
      within(call, () => client());
      call.usage(USAGE);
      call.end();
      expect(models()).toHaveLength(1);
    });

    it("lasts from when it began, though its span is made at its end", () => {
      const call = new ToldModelCall(MODEL, { clients });
      call.fail(new Error("broke"));
      const { startNs, endNs = 0n } = models()[0]!;
      expect(endNs).toBeGreaterThanOrEqual(startNs);
    });

    it("lasts until its answer was there, where the framework ends it later", () => {
      const call = new ToldModelCall(MODEL, { clients });
      call.answered();
      const answeredAt = performance.now();
      while (performance.now() < answeredAt + 5);
      call.end();
      const { startNs, endNs = 0n } = models()[0]!;
      expect(endNs - startNs).toBeLessThan(5_000_000n);
    });

    it("is one span where a framework tells of the call of another framework", () => {
      agent("writer", () => {
        const outer = new ToldModelCall(MODEL, { clients: "inside" });
        outer.run(() => {
          const inner = new ToldModelCall(MODEL, { clients });
          within(inner, () => client());
          inner.usage(USAGE);
          inner.end();
        });
        outer.usage(USAGE);
        outer.end();
      })();
      expect(models()).toHaveLength(1);
    });
  },
);

describe("the context of a framework", () => {
  const told = watch();

  it("is the active one where the program is not deeper inside", () => {
    const call = openAgent("planner", { parent: ROOT_CONTEXT });
    const remove = addContextSource(() => call.context);
    client();
    remove();
    call.end();
    expect(told.spans.get(/^chat/).attributes["gen_ai.agent.name"]).toBe("planner");
  });

  it("gives way to a call of the program inside of it", () => {
    const call = openTool("lookup", { parent: ROOT_CONTEXT });
    const remove = addContextSource(() => call.context);
    agent("inner", () => client())();
    remove();
    call.end();
    expect(told.spans.get(/^chat/).attributes["gen_ai.agent.name"]).toBe("inner");
  });

  it("is inside of a call of the program that it runs in", () => {
    agent("outer", () => {
      const call = openTool("lookup");
      const remove = addContextSource(() => call.context);
      tool("search", () => undefined)();
      remove();
      call.end();
    })();
    const search = told.spans.get("execute_tool search");
    expect(told.spans.parentOf(search)?.name).toBe("execute_tool lookup");
  });

  it("does not break a program when it throws", () => {
    const remove = addContextSource(() => {
      throw new Error("no such store");
    });
    agent("writer", () => client())();
    remove();
    expect(told.spans.get(/^chat/).attributes["gen_ai.agent.name"]).toBe("writer");
  });
});
