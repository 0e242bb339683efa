// Stands for `ollama` in the programs that import it; see shims/openai.ts.
import * as client from "ollama";
import { ollama } from "../clients/ollama.ts";
import { patchClient } from "../patch-client.ts";

patchClient(ollama, client);

// A stand-in has to have every export of what it stands for, its default as well.
export * from "ollama";
export { default } from "ollama";
