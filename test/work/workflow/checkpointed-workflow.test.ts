import { existsSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CheckpointStore } from "../../../src/stores/checkpoints/checkpoint-store.ts";
import { fileStore } from "../../../src/stores/file/file-store.ts";
import type { StepContext } from "../../../src/work/checkpointed-workflow.ts";
import { gate } from "../manual-time.ts";
import { bench, boom } from "./support.ts";

const at = bench();

/** Three steps that note that they ran. The one at `fails` throws for as long as it is set. */
function threeSteps(options = {}) {
  const ran: string[] = [];
  const trouble: { at: string | undefined } = { at: undefined };
  const step = (name: string) => () => {
    ran.push(name);
    if (trouble.at === name) throw boom;
    return { [name]: true };
  };
  const workflow = at.now
    .workflow("research", options)
    .step("gather", step("gather"))
    .step("search", step("search"))
    .step("write", step("write"));
  return { workflow, ran, trouble };
}

describe("a checkpointed workflow", () => {
  it("hands each step the state so far, and gives the state after the last", async () => {
    const research = at.now
      .workflow<{ query: string }>()
      .step("gather", ({ query }) => ({ entities: query.split(" ") }))
      .step("search", async ({ entities }) => ({ sources: entities.map((entity) => `source of ${entity}`) }))
      .step("write", ({ query, sources }) => ({ report: `${query}: ${sources.length}`, query: "answered" }));
    expect(await research.execute("1", { query: "a b" })).toEqual({
      query: "answered",
      entities: ["a", "b"],
      sources: ["source of a", "source of b"],
      report: "a b: 2",
    });
  });

  it("goes on after the last committed step, and not after the one that failed", async () => {
    const { workflow, ran, trouble } = threeSteps();
    trouble.at = "search";
    await expect(workflow.execute("1")).rejects.toThrow();
    trouble.at = undefined;
    expect(await workflow.execute("1")).toEqual({ gather: true, search: true, write: true });
    expect(ran).toEqual(["gather", "search", "search", "write"]);
  });

  it("tells of a failed step: which, where, why, and what is done", async () => {
    const { workflow, trouble } = threeSteps();
    trouble.at = "search";
    await expect(workflow.execute("1")).rejects.toMatchObject({
      name: "WorkflowStepError",
      code: "workflow_step_failed",
      workflow: "research",
      workflowId: "1",
      step: "search",
      stepIndex: 1,
      attempts: 1,
      cause: boom,
      completedSteps: ["gather"],
      message: 'Workflow "research" failed at step "search" (1) after 1 attempt: boom. Completed: [gather]',
    });
  });

  it("keeps the state of a failed run for looking", async () => {
    const { workflow, trouble } = threeSteps();
    trouble.at = "search";
    await expect(workflow.execute("1", { query: "q" })).rejects.toThrow();
    expect(await workflow.inspect("1")).toMatchObject({
      workflowId: "1",
      status: "failed",
      state: { query: "q", gather: true },
      steps: [{ name: "gather", attempts: 1 }],
      programSteps: ["gather", "search", "write"],
      failure: { step: "search", stepIndex: 1, attempts: 1, errorType: "Error", message: "boom" },
      leaseUntil: undefined,
    });
  });

  it("gives the result of a completed run again, and runs nothing", async () => {
    const { workflow, ran } = threeSteps();
    const first = await workflow.execute("1");
    expect(await workflow.execute("1", { other: 1 })).toEqual(first);
    expect(ran).toHaveLength(3);
  });

  it("forgets a completed run at once where it is told to keep none", async () => {
    const { workflow, ran } = threeSteps({ keepCompletedMs: 0 });
    await workflow.execute("1");
    expect(await workflow.inspect("1")).toBeUndefined();
    await workflow.execute("1");
    expect(ran).toHaveLength(6);
  });

  it("removes completed runs when their time is over, and no others", async () => {
    const { workflow, trouble } = threeSteps({ keepCompletedMs: 60_000 });
    await workflow.execute("done");
    trouble.at = "write";
    await expect(workflow.execute("failed")).rejects.toThrow();
    trouble.at = undefined;
    await at.now.time.advance(60_000);
    await workflow.execute("new");
    while ((await workflow.inspect("done")) !== undefined) await turn();
    expect((await workflow.list()).map(({ workflowId }) => workflowId).sort()).toEqual(["failed", "new"]);
  });

  it("takes what a run began with, and not what a later call says", async () => {
    const { workflow, trouble } = threeSteps();
    trouble.at = "gather";
    await expect(workflow.execute("1", { query: "first" })).rejects.toThrow();
    trouble.at = undefined;
    expect(await workflow.execute("1", { query: "second" })).toMatchObject({ query: "first" });
  });

  it("shows an attempt nothing of what a failed one did to its state", async () => {
    const seen: unknown[] = [];
    const workflow = at.now.workflow<{ list: string[] }>().step(
      "spoil",
      (state) => {
        seen.push(structuredClone(state.list));
        state.list.push("spoiled");
        if (seen.length === 1) throw boom;
        return {};
      },
      { retries: 1 },
    );
    expect(await at.now.settle(workflow.execute("1", { list: ["a"] }))).toEqual({ list: ["a"] });
    expect(seen).toEqual([["a"], ["a"]]);
  });
});

describe("a step", () => {
  it("is tried again after 2, 4, 8, 16 and from then on 30 seconds", async () => {
    const atMs: number[] = [];
    const workflow = at.now.workflow().step(
      "flaky",
      () => {
        atMs.push(at.now.time.clock.monotonic());
        throw boom;
      },
      { retries: 6 },
    );
    await expect(at.now.settle(workflow.execute("1"))).rejects.toMatchObject({ attempts: 7 });
    const pauses = atMs.slice(1).map((ms, i) => Math.round((ms - atMs[i]!) / 1_000));
    expect(pauses).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it("that is not retryable is tried once", async () => {
    let attempts = 0;
    const fails = () => {
      attempts += 1;
      throw boom;
    };
    const workflow = at.now.workflow().step("once", fails, { retries: 3, retryable: false });
    await expect(workflow.execute("1")).rejects.toMatchObject({ attempts: 1 });
    expect(attempts).toBe(1);
  });

  it("is given so much time, and its signal is aborted then", async () => {
    const never = gate();
    const workflow = at.now
      .workflow()
      .step("slow", (_, { signal }) => never.task(signal).then(() => ({})), { timeoutMs: 1_000 });
    await expect(at.now.settle(workflow.execute("1"))).rejects.toMatchObject({ cause: { code: "timeout" } });
    expect(never.state.signal?.aborted).toBe(true);
  });

  it("has one idempotency key at every attempt and in every process, and a number for each attempt", async () => {
    const seen: StepContext[] = [];
    const program = (fails: boolean) =>
      at.now
        .workflow()
        .step("a", () => ({}))
        .step(
          "pay",
          (_, context) => {
            seen.push(context);
            if (fails) throw boom;
            return {};
          },
          { retries: 1 },
        );
    await expect(at.now.settle(program(true).execute("order 7"))).rejects.toThrow();
    await program(false).execute("order 7");
    expect(new Set(seen.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set(["order 7:1:pay"]));
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    expect(seen[0]).toMatchObject({ workflowId: "order 7", step: "pay", index: 1 });
  });

  it.each([
    ["nothing", undefined, "got undefined"],
    ["a text", "done", "got a string"],
    ["a list", ["done"], "got a list"],
    [
      "a date in it",
      { found: { at: new Date(0) } },
      'result of step "bad".found.at must be plain JSON, got a Date',
    ],
    ["a forbidden key", JSON.parse('{"a": {"__proto__": {"x": 1}}}'), "the key __proto__ is not allowed"],
    ["too much", { text: "x".repeat(1_048_577) }, "must have at most 1048576 bytes"],
  ])(
    "that returns %s has failed, is not tried again, and leaves nothing behind",
    async (_, result, message) => {
      let attempts = 0;
      const bad = () => {
        attempts += 1;
        return result as object;
      };
      const workflow = at.now.workflow().step("bad", bad, { retries: 3, retryable: true });
      const failed = await workflow.execute("1").catch((error: unknown) => error);
      expect((failed as Error).message).toContain(message);
      expect(attempts).toBe(1);
      expect(await workflow.inspect("1")).toMatchObject({ status: "failed", steps: [], state: {} });
    },
  );
});

describe("who runs it", () => {
  it("is one call at a time: another one is told for how long", async () => {
    const { task, open, state } = gate<object>();
    const workflow = at.now.workflow().step("wait", (_, { signal }) => task(signal));
    const first = workflow.execute("1");
    while (!state.begun) await turn();
    await expect(workflow.execute("1")).rejects.toMatchObject({
      code: "workflow_held",
      workflow: "research",
      workflowId: "1",
      retryAfterMs: 30_000,
    });
    open({ done: true });
    expect(await first).toEqual({ done: true });
  });

  it("keeps the run for as long as it works on it", async () => {
    const { task, open, state } = gate<object>();
    const workflow = at.now
      .workflow()
      .step("wait", (_, { signal }) => task(signal), { timeoutMs: 1_000_000 });
    const first = workflow.execute("1");
    while (!state.begun) await turn();
    for (let i = 0; i < 20; i++) {
      await at.now.time.advance(10_000);
      await turn();
    }
    await expect(workflow.execute("1")).rejects.toMatchObject({ code: "workflow_held" });
    open({});
    await first;
  });

  it("loses it where its lease ends and another one takes it, and what it still does is not kept", async () => {
    const { task, open, state } = gate<object>();
    // A process that hangs: no timer of it rings.
    const hung = at.now
      .workflow("research", { after: () => () => {} })
      .step("work", (_, { signal }) => task(signal));
    const first = hung.execute("1");
    const outcome = expect(first).rejects.toMatchObject({ code: "workflow_lost" });
    while (!state.begun) await turn();
    await at.now.time.advance(30_001);
    const second = at.now.workflow().step("work", () => ({ by: "second" }));
    expect(await second.execute("1")).toEqual({ by: "second" });
    open({ by: "first" });
    await outcome;
    expect((await second.inspect("1"))?.state).toEqual({ by: "second" });
  });

  it("is told when its run is cancelled, and nothing more is kept", async () => {
    const { task, state } = gate<object>();
    const workflow = at.now.workflow().step("wait", (_, { signal }) => task(signal));
    const first = workflow.execute("1");
    const outcome = expect(first).rejects.toMatchObject({ code: "workflow_cancelled" });
    while (!state.begun) await turn();
    expect(await workflow.cancel("1")).toBe(true);
    await at.now.settle(outcome);
    expect(state.signal?.aborted).toBe(true);
    await expect(workflow.execute("1")).rejects.toMatchObject({ code: "workflow_cancelled" });
    expect(await workflow.inspect("1")).toMatchObject({ status: "cancelled", steps: [] });
  });

  it("may be another one at once where the caller gave it up, and that is no crash", async () => {
    const { task, state } = gate<object>();
    const controller = new AbortController();
    const waits = at.now.workflow().step("wait", (_, { signal }) => task(signal));
    const first = waits.execute("1", {}, { signal: controller.signal });
    const outcome = expect(first).rejects.toThrow("enough");
    while (!state.begun) await turn();
    controller.abort(new Error("enough"));
    await outcome;
    const next = at.now.workflow().step("wait", () => ({ done: true }));
    expect(await next.inspect("1")).toMatchObject({ status: "running", crashes: 0, leaseUntil: undefined });
    expect(await next.execute("1")).toEqual({ done: true });
  });

  it("is nobody any more where it has crashed too often at one step, until it is reopened", async () => {
    const letters: unknown[] = [];
    const add = async (letter: unknown) => {
      letters.push(letter);
      return { resolved: false };
    };
    const deadLetters = { add };
    const { workflow, ran } = threeSteps({ maxCrashes: 2, deadLetters });
    const claim = () =>
      at.now.store.claim({
        id: "1",
        workflow: "research",
        program: JSON.stringify({ version: "1", steps: ["gather", "search", "write"] }),
        initial: "{}",
        owner: "one that dies",
        leaseMs: 1_000,
        trace: undefined,
        maxCrashes: 2,
      });
    for (let i = 0; i < 3; i++) {
      await claim();
      await at.now.time.advance(1_001);
    }
    await expect(workflow.execute("1")).rejects.toMatchObject({ code: "workflow_crashed", crashes: 3 });
    expect(letters).toMatchObject([{ taskType: "research", reason: "poison", attempts: 3 }]);
    expect((await workflow.list({ status: "needs_attention" })).map(({ workflowId }) => workflowId)).toEqual([
      "1",
    ]);
    expect(await workflow.reopen("1")).toBe(true);
    expect(await workflow.execute("1")).toMatchObject({ write: true });
    expect(ran).toHaveLength(3);
  });
});

/** The store, with some of its methods done otherwise. */
function other(store: CheckpointStore, changed: Partial<CheckpointStore>): CheckpointStore {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(name in changed ? changed : target, name);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}

describe("a store that fails", () => {
  /** Fails so many times before or after it does what it is asked. */
  function failing(store: CheckpointStore, times: number, when: "before" | "after"): CheckpointStore {
    let left = times;
    return other(store, {
      async commit(hold, step) {
        const fails = left > 0;
        left -= 1;
        if (fails && when === "before") throw new Error("the server is gone");
        const answer = await store.commit(hold, step);
        if (fails) throw new Error("the answer is lost");
        return answer;
      },
    });
  }

  it.each(["before", "after"] as const)(
    "is asked again, and no step runs twice, where it fails %s it has done it",
    async (when) => {
      const ran: number[] = [];
      const { clock, after } = at.now.time;
      const store = { checkpoints: failing(at.now.store, 3, when) };
      const workflow = at.now
        .workflow("research", { store, clock, after })
        .step("work", () => ({ n: ran.push(1) }));
      expect(await at.now.settle(workflow.execute("1"))).toEqual({ n: 1 });
    },
  );

  it("is an error of ours before anything is run", async () => {
    const down = other(at.now.store, { claim: () => Promise.reject(new Error("connection refused")) });
    const workflow = at.now
      .workflow("research", { store: { name: "runs.db", checkpoints: down } })
      .step("work", () => ({}));
    await expect(workflow.execute("1")).rejects.toMatchObject({
      code: "store_unusable",
      message: 'Store "runs.db" cannot be asked for a workflow run: connection refused',
    });
  });

  // Making several folders in one call never comes back there.
  it.runIf(existsSync("/proc/self"))("is said also where no folder can be made", async () => {
    const workflow = at.now
      .workflow("research", { store: fileStore("/proc/none/of/these") })
      .step("work", () => ({}));
    await expect(workflow.execute("1")).rejects.toMatchObject({ code: "store_unusable" });
  });

  it("gives the run up when the lease is over", async () => {
    const broken = other(at.now.store, {
      commit: () => Promise.reject(new Error("gone")),
      renew: () => Promise.reject(new Error("gone")),
    });
    const workflow = at.now.workflow("research", { store: { checkpoints: broken } }).step("work", () => ({}));
    await expect(at.now.settle(workflow.execute("1"))).rejects.toMatchObject({ code: "workflow_lost" });
  });
});

describe("a run that somebody else has written to", () => {
  it("is said to be damaged, runs nothing, and needs attention from then on", async () => {
    const { workflow, ran, trouble } = threeSteps();
    trouble.at = "search";
    await expect(workflow.execute("1")).rejects.toThrow();
    const damaged = other(at.now.store, {
      async claim(request) {
        const claim = await at.now.store.claim(request);
        if (claim.kind !== "claimed") return claim;
        return { ...claim, steps: claim.steps.map((step) => ({ ...step, output: "{half" })) };
      },
    });
    const next = at.now
      .workflow("research", { store: { checkpoints: damaged } })
      .step("gather", () => ({}))
      .step("search", () => ({}))
      .step("write", () => ({}));
    await expect(next.execute("1")).rejects.toMatchObject({
      code: "checkpoint_damaged",
      message: 'the checkpoint of workflow run "1" cannot be read: the result of step "gather" is no JSON',
    });
    expect(ran).toEqual(["gather", "search"]);
    expect(await workflow.inspect("1")).toMatchObject({ status: "needs_attention", leaseUntil: undefined });
  });
});

describe("bad input", () => {
  const options = () => ({ store: { checkpoints: at.now.store } });

  it("is refused before anything is written", async () => {
    const workflow = at.now.workflow().step("a", () => ({}));
    await expect(workflow.execute("", {})).rejects.toThrow("workflowId must have 1 to 4096 bytes, got 0");
    await expect(workflow.execute("a\0b", {})).rejects.toThrow("must not hold a NUL character");
    await expect(workflow.execute("1", { user: { since: new Date(0) } })).rejects.toThrow(
      "checkpointedWorkflow: execute: initialState.user.since must be plain JSON, got a Date",
    );
    await expect(workflow.execute("1", [] as never)).rejects.toThrow(
      "must be an object of plain JSON, got a list",
    );
    expect(await workflow.list()).toEqual([]);
  });

  it.each([
    [
      "two steps of one name",
      () =>
        at.now
          .workflow()
          .step("a", () => ({}))
          .step("a", () => ({})),
      'has a step "a" already',
    ],
    ["no store", () => at.now.workflow("w", { store: {} }), "store must be one that has checkpoints"],
    ["no handler", () => at.now.workflow().step("a", undefined as never), "must be a function"],
    [
      "a negative number of retries",
      () => at.now.workflow().step("a", () => ({}), { retries: -1 }),
      'retries of step "a" must be a whole number from 0 to 1000, got -1',
    ],
    [
      "seconds for milliseconds",
      () => at.now.workflow().step("a", () => ({}), { timeoutMs: 0.5 }),
      'timeoutMs of step "a"',
    ],
    [
      "a strange retryable",
      () => at.now.workflow().step("a", () => ({}), { retryable: "no" as never }),
      'retryable of step "a" must be true, false or a function',
    ],
    [
      "a lease of nothing",
      () => at.now.workflow("w", { ...options(), leaseMs: 0 }),
      "leaseMs must be a whole number from 100",
    ],
    [
      "a version that is none",
      () => at.now.workflow("w", { ...options(), version: "" }),
      "version must be a string",
    ],
  ])("%s is refused when it is said", (_, build, message) => {
    expect(build).toThrow(message);
  });

  it("of a workflow without steps is said", async () => {
    await expect(at.now.workflow().execute("1")).rejects.toThrow('"research" has no steps');
  });
});
