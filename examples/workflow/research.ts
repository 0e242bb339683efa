import { agent, checkpointedWorkflow, fileStore, type StepContext } from "agent-otel";
import type OpenAI from "openai";

const MODEL = "gpt-4o-mini";

export interface ResearchOptions {
  readonly openai: OpenAI;
  /** Where checkpoints are kept. */
  readonly directory: string;
  /** Told before a step begins. */
  readonly onStep: (context: StepContext) => void;
}

/** Three steps, each with a model call that costs money: what is done is not done again. */
export function makeResearch({ openai, directory, onStep }: ResearchOptions) {
  const ask = async (system: string, user: string): Promise<string> => {
    const { choices } = await openai.chat.completions.create({
      model: MODEL,
      messages: [
        { role: "system", content: system },
        { role: "user", content: user },
      ],
    });
    return choices[0]?.message.content ?? "";
  };
  const gather = agent("gatherer", async (topic: string) => {
    return JSON.parse(await ask("List the subjects as a JSON array of strings.", topic)) as string[];
  });
  const search = agent("searcher", (subjects: readonly string[]) =>
    ask("What is known of these?", subjects.join(", ")),
  );
  const write = agent("writer", (facts: string) => ask("Write a report.", facts));

  return checkpointedWorkflow<{ topic: string }>("research", {
    store: fileStore(directory),
    // So that a process that comes soon after one that died need not wait for long.
    leaseMs: 1_000,
  })
    .step("gather", async ({ topic }, context) => {
      onStep(context);
      return { subjects: await gather(topic) };
    })
    .step(
      "search",
      async ({ subjects }, context) => {
        onStep(context);
        return { facts: await search(subjects) };
      },
      { retries: 3, timeoutMs: 30_000 },
    )
    .step("write", async ({ facts }, context) => {
      onStep(context);
      return { report: await write(facts) };
    });
}
