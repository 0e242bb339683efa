// Two agents that work a little, so that there is something to see. Their model is made up, and needs no key.
import { agent, circuitBreaker, recordUsage } from "agent-otel";

const breaker = circuitBreaker({ name: "researcher", failureThreshold: 2 });

const researcher = agent("researcher", async (topic: string) => {
  recordUsage({ provider: "openai", model: "gpt-4o", inputTokens: 1_000, outputTokens: 200 });
  if (topic === "") throw new TypeError("there is no topic");
  return `what is known of ${topic}`;
});
const research = breaker.around(researcher);

const writer = agent("writer", async (topic: string) => {
  const facts = await research(topic);
  recordUsage({ provider: "openai", model: "gpt-4o-mini", inputTokens: 500, outputTokens: 300 });
  return `a report: ${facts}`;
});

/** Three requests, of which one fails. */
export async function work(): Promise<void> {
  for (const topic of ["otters", "beavers", ""]) await writer(topic).catch(() => {});
}

/** Who may reset a breaker: of 16 characters and more, from where you keep your secrets. */
export const operatorToken = process.env["OPERATOR_TOKEN"];
