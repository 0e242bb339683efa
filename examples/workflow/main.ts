// A research workflow that is killed in the middle and goes on in the next process:
// `node --import agent-otel/register main.ts --die-at write`, and then the same without `--die-at`.
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { isAgentError } from "agent-otel";
import { openProvider } from "./provider.ts";
import { makeResearch } from "./research.ts";

const { values } = parseArgs({
  options: {
    "die-at": { type: "string" },
    checkpoints: { type: "string", default: ".agent-otel/checkpoints" },
  },
});

await using provider = await openProvider();
const research = makeResearch({
  openai: provider.openai,
  directory: values.checkpoints,
  onStep({ step, idempotencyKey }) {
    console.log(`step ${step}, with the key ${idempotencyKey}`);
    // As the machine does when it runs out of memory.
    if (step === values["die-at"]) process.kill(process.pid, "SIGKILL");
  },
});

for (;;) {
  try {
    const { report } = await research.execute("otters-1", { topic: "otters" });
    console.log(`report: ${report}`);
    break;
  } catch (error) {
    if (!isAgentError(error) || error.code !== "workflow_held") throw error;
    console.log("the run still belongs to the process that died; its lease ends soon");
    await sleep(300);
  }
}
