import {
  type CurrentAgent,
  currentAgent,
  LimitExceededError,
  limits,
  observe,
  rateLimit,
  safeRun,
} from "agent-otel";
import OpenAI from "openai";
import { describe, expect, it, vi } from "vitest";
import { makeSupervisor } from "../../examples/supervisor/supervisor.ts";
import { ALLOWED_COMMANDS, kvTools, shellTool } from "../../examples/supervisor/tools.ts";
import { makeWorker, type Worker } from "../../examples/supervisor/worker.ts";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { anthropicFor } from "../testing/clients.ts";

vi.spyOn(console, "log").mockImplementation(() => {});

const signal = new AbortController().signal;
const limiter = rateLimit({ name: "test", perMinute: 1_000, burst: 1_000 });
const MAX_ITERATIONS = 10;

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
      anthropic: observe(anthropicFor(provider)),
      limiter,
    });
    const run = limits({ iterations: MAX_ITERATIONS }, () => supervisor("Never end."));
    await expect(run).rejects.toBeInstanceOf(LimitExceededError);
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
      openai: observe(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl })),
      limiter,
    });
    const run = limits({ iterations: MAX_ITERATIONS }, () =>
      safeRun((given) => looping.run("Never end.", given)),
    );
    await expect(run).resolves.toBe("Worker unavailable.");
    expect(provider.requests).toHaveLength(MAX_ITERATIONS);
  });
});
