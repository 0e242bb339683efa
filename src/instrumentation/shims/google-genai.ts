// Stands for `@google/genai` in the programs that import it; see shims/openai.ts.
import * as client from "@google/genai";
import { googleGenAi } from "../clients/google-genai.ts";
import { patchClient } from "../patch-client.ts";

patchClient(googleGenAi, client);

// No default: the package has none in the versions that this stands for.
export * from "@google/genai";
