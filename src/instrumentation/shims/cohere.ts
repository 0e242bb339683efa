// Stands for `cohere-ai` in the programs that import it; see shims/openai.ts.
import * as client from "cohere-ai";
import { cohere } from "../clients/cohere.ts";
import { patchClient } from "../patch-client.ts";

patchClient(cohere, client);

// A stand-in has to have every export of what it stands for, its default as well.
export * from "cohere-ai";
export { default } from "cohere-ai";
