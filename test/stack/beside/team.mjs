// The agents that run beside each instrumentation, as a user writes them: four requests, one of each kind.
const MODEL = "gpt-4o-mini";
const question = [{ role: "user", content: "otters" }];
const tools = [{ type: "function", function: { name: "search", parameters: { type: "object" } } }];

/**
 * Runs the agents and prints what was counted of them.
 *
 * @param {object} agentOtel What the program imports from agent-otel and from agent-otel/sdk.
 * @param {object} openai A client, or the peer's wrapper of one.
 */
export async function runTeam({ agent, tool, onCall, agentMetrics }, openai) {
  const ask = (body) => openai.chat.completions.create(body);
  const calls = [];
  onCall((record) => calls.push(record));
  const metrics = agentMetrics();

  const search = tool("search", async () => "They hold hands.");
  const research = agent("researcher", async () => {
    const { choices } = await ask({ model: MODEL, messages: question, tools });
    const [call] = choices[0].message.tool_calls;
    const content = await search(JSON.parse(call.function.arguments));
    const answer = { role: "tool", tool_call_id: call.id, content };
    return ask({ model: MODEL, messages: [...question, choices[0].message, answer], tools });
  });
  const write = agent("writer", async () => {
    const body = { model: MODEL, messages: question, stream: true, stream_options: { include_usage: true } };
    let text = "";
    for await (const chunk of await ask(body)) text += chunk.choices[0]?.delta.content ?? "";
    return text;
  });
  const supervise = agent("supervisor", async () => {
    await research();
    await write();
    return ask({ model: MODEL, messages: question });
  });
  await supervise();

  const { resourceMetrics } = await metrics.collect();
  const sums = resourceMetrics.scopeMetrics
    .flatMap((scope) => scope.metrics)
    .map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.reduce((sum, { value }) => sum + (value.count ?? value), 0),
    ]);
  console.log(JSON.stringify({ calls, metrics: Object.fromEntries(sums) }));
}
