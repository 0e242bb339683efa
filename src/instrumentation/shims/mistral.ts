// Stands for `@mistralai/mistralai` in the programs that import it; see shims/openai.ts.
import * as client from "@mistralai/mistralai";
import { mistral } from "../clients/mistral.ts";
import { patchClient } from "../patch-client.ts";

patchClient(mistral, client);

// No default: the package has none in the versions that this stands for.
export * from "@mistralai/mistralai";
