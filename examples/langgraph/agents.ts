import { agent } from "agent-otel";
import type OpenAI from "openai";

const MODEL = "gpt-4o-mini";

export interface Agents {
  /** @throws SyntaxError or TypeError where the model's answer is no list */
  extract(document: string): Promise<string[]>;
  analyse(entities: readonly string[]): Promise<string>;
}

/** Two agents, each with one model call. They know nothing of graphs, breakers and guards. */
export function makeAgents(openai: OpenAI): Agents {
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
  return {
    extract: agent("extract_agent", async (document: string) => {
      return asList(JSON.parse(await ask("List the entities as a JSON array of strings.", document)));
    }),
    analyse: agent("analyse_agent", (entities: readonly string[]) => {
      return ask("Say in one sentence how these belong together.", entities.join(", "));
    }),
  };
}

function asList(value: unknown): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw new TypeError("the model answered something else than a list");
}
