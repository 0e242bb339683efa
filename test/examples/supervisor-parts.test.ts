import { type CurrentAgent, currentAgent } from "agent-otel";
import OpenAI from "openai";
import { describe, expect, it, vi } from "vitest";
import { IterationLimitError, limits, MAX_ITERATIONS } from "../../examples/supervisor/limits.ts";
import { safeRun } from "../../examples/supervisor/safe-run.ts";
import { makeSupervisor } from "../../examples/supervisor/supervisor.ts";
import { ALLOWED_COMMANDS, kvTools, shellTool } from "../../examples/supervisor/tools.ts";
import { makeWorker, type Worker } from "../../examples/supervisor/worker.ts";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { anthropicFor } from "../testing/clients.ts";

vi.spyOn(console, "log").mockImplementation(() => {});

const signal = new AbortController().signal;
const noLimit = async () => {};

function worker(run: Worker["run"]): Worker {
  return { name: "worker", description: "Works.", run };
}

describe("the shell tool", () => {
  it.each(["rm -rf /", "python3 --version; id", "git --version | cat", "PYTHON3 --version", ""])(
    "runs nothing that is not on the list: %j",
    async (command) => {
      await expect(shellTool.run({ command }, signal)).rejects.toThrow("this command is not allowed");
    },
  );

  it("allows nothing that only a shell could take apart", () => {
    for (const command of ALLOWED_COMMANDS) expect(command).toMatch(/^\w+ -[\w-]+$/);
  });

  it("returns what the command prints", async () => {
    await expect(shellTool.run({ command: "node --version" }, signal)).resolves.toMatch(/^v\d+\.\d+\.\d+$/);
  });
});

it("keeps values for the two key-value tools", async () => {
  const [set, get] = kvTools();
  await set!.run({ key: "python_version", value: "3.13" }, signal);
  await expect(get!.run({ key: "python_version" }, signal)).resolves.toBe("3.13");
  await expect(get!.run({ key: "other" }, signal)).resolves.toBe("nothing is stored under other");
});

describe("limits", () => {
  it("let the first calls of a minute through at once, and make the next one wait", async () => {
    const beforeModelCall = limits({ maxCostUsd: 1, callsPerMinute: 2 });
    await beforeModelCall();
    await beforeModelCall();
    // Waits, so it notices that nobody wants it any more.
    await expect(beforeModelCall(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
  });

  it("refuse a cost limit that is no amount", () => {
    expect(() => limits({ maxCostUsd: Number("half"), callsPerMinute: 20 })).toThrow(
      new RangeError("maxCostUsd must be a number >= 0, got NaN"),
    );
  });
});

describe("safeRun", () => {
  it("answers with the fallback where the worker fails", async () => {
    const failing = worker(() => Promise.reject(new TypeError("no")));
    await expect(safeRun(failing, "task")).resolves.toBe("Worker unavailable.");
  });

  it("gives up a worker that takes too long, and tells it so", async () => {
    let told = false;
    const hanging = worker(
      (_, given) =>
        new Promise((_resolve, reject) => {
          given.addEventListener("abort", () => {
            told = true;
            reject(given.reason);
          });
        }),
    );
    await expect(safeRun(hanging, "task", 1)).resolves.toBe("Worker unavailable.");
    expect(told).toBe(true);
  });
});

describe("an agent that never has an answer", () => {
  it("is stopped after ten iterations when it is the supervisor", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ toolCalls: [{ name: "worker", arguments: { task: "again" } }] }),
    });
    let seen: CurrentAgent | undefined;
    const supervisor = makeSupervisor({
      name: "supervisor",
      systemPrompt: "Delegate.",
      workers: [
        worker(async () => {
          seen = currentAgent();
          return "not yet";
        }),
      ],
      thinkingBudget: 4_000,
      anthropic: anthropicFor(provider),
      beforeModelCall: noLimit,
    });
    await expect(supervisor("Never end.")).rejects.toBeInstanceOf(IterationLimitError);
    expect(provider.requests).toHaveLength(MAX_ITERATIONS);
    expect(provider.requests[0]!.body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 4_000 } });
    expect(seen?.name).toBe("supervisor");
  });

  it("costs its answer alone when it is a worker", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ toolCalls: [{ name: "shell", arguments: "not JSON" }] }),
    });
    const looping = makeWorker({
      name: "shell_worker",
      systemPrompt: "Execute.",
      tools: [shellTool],
      openai: new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl }),
      beforeModelCall: noLimit,
    });
    await expect(safeRun(looping, "Never end.")).resolves.toBe("Worker unavailable.");
    expect(provider.requests).toHaveLength(MAX_ITERATIONS);
  });
});
