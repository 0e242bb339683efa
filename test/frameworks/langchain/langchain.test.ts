import { Command, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import * as openaiModule from "openai";
import { agentOtelHandler } from "../../../src/frameworks/langchain/index.ts";
import { openai as instrumentation } from "../../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../../src/instrumentation/patch-client.ts";
import { describeFramework } from "../support/describe-framework.ts";
import { BILLING, type Plays, RESEARCHER, type Scene, TRIAGE } from "../support/scene.ts";
import { ASKED, modelAt, oneNode, search, twoAgents } from "./team.ts";

const instrumentClient = () => patchClient(instrumentation, openaiModule);
const traced = () => ({ callbacks: [agentOtelHandler()] });

function ask({ provider }: Scene) {
  return oneNode(modelAt(provider), RESEARCHER).invoke(ASKED, traced());
}

async function stream({ provider, abort }: Scene, onPiece = () => {}): Promise<void> {
  const options = { ...traced(), streamMode: "messages", signal: abort.signal } as const;
  for await (const _ of await oneNode(modelAt(provider), RESEARCHER).stream(ASKED, options)) onPiece();
}

const graphs: Plays = {
  plain: ask,
  error: ask,
  stream: (scene) => stream(scene),
  abort: (scene) => stream(scene, () => scene.abort.abort()),
  tool: ({ provider }) =>
    createReactAgent({ llm: modelAt(provider), tools: [search], name: RESEARCHER }).invoke(ASKED, traced()),
  handoff: ({ provider }) => twoAgents(modelAt(provider), TRIAGE, BILLING).invoke(ASKED, traced()),
};

describeFramework("LangGraph, with nodes that go to one another", {
  plays: {
    ...graphs,
    handoff({ provider }) {
      const model = modelAt(provider);
      return new StateGraph(MessagesAnnotation)
        .addNode(
          TRIAGE,
          async ({ messages }) => {
            const answer = await model.invoke(messages);
            return new Command({ goto: answer.text, update: { messages: [answer] } });
          },
          { ends: [BILLING] },
        )
        .addNode(BILLING, async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
        .addEdge(START, TRIAGE)
        .compile({ name: "desk" })
        .invoke(ASKED, traced());
    },
  },
});

describeFramework("LangGraph", {
  plays: graphs,
  transfer: [{ name: `transfer_to_${BILLING}`, arguments: {} }],
  instrumentClient,
});
