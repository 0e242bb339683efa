import { type ScriptedProvider, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";

/** The real client library, and a server on this machine that says what a model might say. No key and no network is needed. */
export interface Provider extends AsyncDisposable {
  readonly openai: OpenAI;
}

const ENTITIES = '["otter", "river"]';
const CHATTER = "Sure! Here are the entities that I have found: otter, riv";

/** The extractor answers well, then twice with what is no list, then well again. The analyst always answers. */
export async function openProvider(): Promise<Provider> {
  const extractions = [ENTITIES, CHATTER, CHATTER];
  const server: ScriptedProvider = await scriptedProvider({
    respond: ({ body }) => {
      const isExtraction = JSON.stringify(body).includes("List the entities");
      return isExtraction ? (extractions.shift() ?? ENTITIES) : "Otters need rivers.";
    },
  });
  return {
    openai: new OpenAI({ apiKey: "scripted", baseURL: server.openaiBaseUrl }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
