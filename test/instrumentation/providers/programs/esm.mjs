import * as bedrock from "@aws-sdk/client-bedrock-runtime";
import { GoogleGenAI } from "@google/genai";
import { Mistral } from "@mistralai/mistralai";
import Cohere, { CohereClientV2 } from "cohere-ai";
import llama, { Ollama } from "ollama";
import { ask } from "./ask.cjs";

await ask({
  google: { GoogleGenAI },
  mistral: { Mistral },
  cohere: { CohereClientV2 },
  bedrock,
  ollama: { Ollama },
});
console.log(Cohere.CohereClientV2 === CohereClientV2, llama instanceof Ollama);
