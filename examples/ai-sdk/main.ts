// An editor that asks a researcher through a tool, and a writer that streams. Nothing in these files sends telemetry: the import on the
// command line does, `node --import agent-otel/register main.ts`.
import { workflow } from "agent-otel";
import { aiSdkTelemetry } from "agent-otel/ai-sdk";
import { registerTelemetry, streamText } from "ai";
import { makeEditor } from "./agents.ts";
import { openModels } from "./models.ts";

registerTelemetry(aiSdkTelemetry());

await using models = await openModels();
const editor = makeEditor(models);

/** One trace for all that one question needs. */
const answer = workflow("answer", async (question: string): Promise<void> => {
  const { text: facts } = await editor.generate({ prompt: question });
  const { textStream } = streamText({
    model: models.writer,
    prompt: `Write one sentence of: ${facts}`,
    telemetry: { functionId: "writer" },
  });
  for await (const piece of textStream) process.stdout.write(piece);
  process.stdout.write("\n");
});

await answer("How do otters sleep?");
