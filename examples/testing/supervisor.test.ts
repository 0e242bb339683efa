// A team of agents with scripted answers: who was called, in which order, with which tools, at what cost.
import { observe } from "agent-otel";
import { faults, SpanRecorder, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import { expect, it } from "vitest";
import { makeTeam } from "./team.ts";
import "agent-otel/testing/vitest";

it("lets the researcher search once, and the writer write", async () => {
  using recorder = new SpanRecorder();
  await using provider = await scriptedProvider();
  provider.queue(
    { toolCalls: [{ name: "search", arguments: { query: "otters" } }] },
    "They hold hands.",
    "Otters hold hands while they sleep.",
  );
  const openai = observe(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl }));

  expect(await makeTeam(openai)("otters")).toBe("Otters hold hands while they sleep.");

  await recorder.settled();
  expect(recorder).toFollowPath(["supervisor", "researcher", "writer"]);
  expect(recorder).toHaveCalledTool("search", { times: 1, by: "researcher" });
  expect(recorder).toHaveNoErrors();
  expect(recorder).toHaveNoLoops();
  expect(recorder).toCostLessThan(0.01);
  expect(recorder).toUseFewerTokensThan(1_000);
});

it("fails when the model makes up a tool", async () => {
  using recorder = new SpanRecorder();
  await using provider = await scriptedProvider();
  provider.queue(faults.hallucinatedToolCall("delete_everything"));
  const openai = observe(new OpenAI({ apiKey: "scripted", baseURL: provider.openaiBaseUrl }));

  await expect(makeTeam(openai)("otters")).rejects.toThrow("there is no tool delete_everything");

  expect(recorder).not.toHaveCalled("writer");
  expect(recorder).not.toHaveNoErrors();
});
