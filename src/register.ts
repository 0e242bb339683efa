// `node --import agent-otel/register app.js`: instruments the clients that the program will import, and starts the SDK, both
// as the environment says.
import { createRequire } from "node:module";
import { installHooks } from "./instrumentation/install-hooks.ts";
import { quietAnthropic } from "./instrumentation/quiet-anthropic.ts";
import { watchUnseenCalls } from "./instrumentation/unseen/watch-unseen-calls.ts";
import { readSdkMode } from "./pipeline/environment/sdk-mode.ts";
import { startOnce } from "./pipeline/start-once.ts";

const OLD_API =
  "It needs version 1.10 or later of @opentelemetry/api: npm install @opentelemetry/api@^1.10.0, " +
  "or, for a program with an SDK of its own, set AGENT_OTEL_SDK=external.";

quietAnthropic(process.env);
// Before the hooks are there: each of the SDK's files would pass through them. Loaded only where it is started, and without a
// top-level await, so that this file can be required as well.
const mode = readSdkMode(process.env);
const starts = mode === "start" ? loadStart() : undefined;
installHooks(new URL("./instrumentation/", import.meta.url));
if (starts === undefined) startOnce({}, undefined);
else starts.start();
if (mode !== "disabled") watchUnseenCalls();

function loadStart(): typeof import("./start.ts") | undefined {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  try {
    return createRequire(import.meta.url)(`./start.${extension}`) as typeof import("./start.ts");
  } catch (error) {
    // How Node says that a module lacks an export: the API is that of an SDK of 2.x, without what the SDK of 3.x needs.
    if (!(error instanceof SyntaxError && error.message.includes("@opentelemetry/api"))) throw error;
    process.stderr.write(`agent-otel: no SDK is started. ${OLD_API}\n`);
    return undefined;
  }
}
