// Stands for `openai` in the programs that import it: the resolve hook sends them here, and sends our own import below to the
// real package. Loaded once per copy of the package, so that each copy is patched.
import * as client from "openai";
import { openai } from "../clients/openai.ts";
import { patchClient } from "../patch-client.ts";

patchClient(openai, client);

// A stand-in has to have every export of what it stands for, its default as well.
export * from "openai";
export { default } from "openai";
