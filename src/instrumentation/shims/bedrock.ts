// Stands for `@aws-sdk/client-bedrock-runtime` in the programs that import it; see shims/openai.ts.
import * as client from "@aws-sdk/client-bedrock-runtime";
import { bedrock } from "../clients/bedrock.ts";
import { patchClient } from "../patch-client.ts";

patchClient(bedrock, client);

// A stand-in has to have every export of what it stands for, its default as well.
export * from "@aws-sdk/client-bedrock-runtime";
export { default } from "@aws-sdk/client-bedrock-runtime";
