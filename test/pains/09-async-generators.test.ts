import { expect, it } from "vitest";
import { agent, tool } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { nextTurn, watch } from "../agent/support.ts";
import { all, chatRequest, clientsOf } from "../instrumentation/support.ts";
import { generatorStartedActive } from "../naive/generator-started-active.ts";

// A loop of model call, tool, model call in an async generator: from the second call on its spans stand at the top elsewhere,
// and the sub-agent's cost is booked on whoever reads the stream.

const told = watch();

type Wrap = <T>(name: string, make: () => AsyncGenerator<T>) => AsyncGenerator<T>;
const ours: Wrap = (name, make) => agent(name, make)();

/** Three agents, each in the tool of the one above; each asks its model before and after what it yields. */
async function threeDeep(wrap: Wrap): Promise<void> {
  await using provider = await scriptedProvider({ respond: () => ({ chunks: 3 }) });
  const { openai } = clientsOf(provider);
  const ask = async () => all(await openai.chat.completions.create({ ...chatRequest, stream: true }));
  const level = (name: string, inner?: () => AsyncGenerator<string>) => () =>
    wrap(name, async function* () {
      await ask();
      yield `${name} begins`;
      await nextTurn();
      if (inner !== undefined) yield* tool(`call ${name}`, inner)();
      await ask();
      yield `${name} ends`;
    });
  const items = level("lead", level("researcher", level("reader")))();
  // The reader of the stream is somebody else, in a context of his own.
  await agent("user interface", () => all(items))();
}

it.each(["lead", "researcher", "reader"])("every model call of %s is below its own span", async (name) => {
  await threeDeep(ours);
  const parent = told.spans.get(`invoke_agent ${name}`);
  const calls = told.spans.all("chat gpt-4o-mini", { parent, attributes: { "gen_ai.agent.name": name } });
  expect(calls).toHaveLength(2);
});

it("the agents stand in each other, through tools that are generators too", async () => {
  await threeDeep(ours);
  told.spans.get("invoke_agent lead", { parent: null });
  for (const [outer, inner] of [["lead", "researcher"] as const, ["researcher", "reader"] as const]) {
    const parent = told.spans.get(`execute_tool call ${outer}`, {
      parent: told.spans.get(`invoke_agent ${outer}`),
    });
    told.spans.get(`invoke_agent ${inner}`, { parent, attributes: { "gen_ai.caller.name": outer } });
  }
  expect(told.spans.open).toEqual([]);
});

it("what each one spent is its own, and nothing is left with who reads the stream", async () => {
  await threeDeep(ours);
  const ownCalls = (name: string) =>
    told.spans.get(`invoke_agent ${name}`).attributes["agents.own.calls"] ?? 0;
  expect(["lead", "researcher", "reader", "user interface"].map(ownCalls)).toEqual([2, 2, 2, 0]);
});

it("would be seen to escape: a generator that is only made inside its span", async () => {
  await threeDeep(generatorStartedActive);
  const parents = ["lead", "researcher", "reader"].map((name) => told.spans.get(name));
  const below = parents.flatMap((parent) => told.spans.all("chat gpt-4o-mini", { parent }));
  expect(below).toEqual([]);
});
