// `node --import agent-otel/register app.js`: instruments the clients that the program will import, and starts the SDK, both
// as the environment says.
import { createRequire } from "node:module";
import { installHooks } from "./instrumentation/install-hooks.ts";
import { quietAnthropic } from "./instrumentation/quiet-anthropic.ts";
import { readSdkMode } from "./pipeline/environment/sdk-mode.ts";
import { startOnce } from "./pipeline/start-once.ts";

quietAnthropic(process.env);
// Before the hooks are there: each of the SDK's files would pass through them. Loaded only where it is started, and without a
// top-level await, so that this file can be required as well.
const starts = readSdkMode(process.env) === "start" ? loadStart() : undefined;
installHooks(new URL("./instrumentation/", import.meta.url));
if (starts === undefined) startOnce({}, undefined);
else starts.start();

function loadStart(): typeof import("./start.ts") {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return createRequire(import.meta.url)(`./start.${extension}`) as typeof import("./start.ts");
}
