import { relative } from "node:path";
import { counted } from "../../../../telemetry/format-trace-numbers.ts";
import { type Finding, finding, found } from "../finding.ts";
import { importsOf } from "../project/imports.ts";
import { isCode } from "../project/scan-files.ts";
import type { Check } from "./check.ts";

/** Texts that stand in the code of a client and in few programs: all of a row must be there. */
const MARKS: readonly (readonly [name: string, ...texts: readonly string[]])[] = [
  ["openai", "X-Stainless-Lang", "api.openai.com"],
  ["@anthropic-ai/sdk", "X-Stainless-Lang", "api.anthropic.com"],
  ["@google/genai", "x-goog-api-client", "generativelanguage.googleapis.com"],
  ["@mistralai/mistralai", "MISTRAL_API_KEY", "api.mistral.ai", "speakeasy-sdk"],
  ["cohere-ai", "X-Fern-SDK-Name", "api.cohere.com"],
  ["@aws-sdk/client-bedrock-runtime", "AmazonBedrockFrontendService", "bedrock-runtime"],
];

/** Clients that a bundler has put into the program's own file, where no hook sees them. */
export const bundles: Check = {
  name: "bundles",
  run: ({ files, folder }) => {
    const findings: Finding[] = [];
    let looked = 0;
    for (const [path, text] of files.texts) {
      if (!isCode(path)) continue;
      looked += 1;
      const names = MARKS.filter(([, ...texts]) => texts.every((mark) => text.includes(mark))).map(
        ([name]) => name,
      );
      if (names.length === 0 || isObserved(text)) continue;
      findings.push(
        finding(
          "client_bundled",
          `${relative(folder, path)}: ${names.join(" and ")} is inside, where no hook sees it`,
          "make it external in the bundler, or wrap the client with observe() of agent-otel",
        ),
      );
    }
    return found(findings, `${counted(looked, "file")}${files.truncated ? ", and there are more" : ""}`);
  },
};

function isObserved(text: string): boolean {
  if (text.includes("agent-otel.patched")) return true;
  return /\bobserve\(/.test(text) && importsOf(text).some(({ specifier }) => specifier === "agent-otel");
}
