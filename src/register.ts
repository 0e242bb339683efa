// `node --import agent-otel/register app.js`: instruments the clients that the program will import, and starts the SDK, both
// as the environment says.
import { installHooks } from "./instrumentation/install-hooks.ts";
import { quietAnthropic } from "./instrumentation/quiet-anthropic.ts";
import { start } from "./pipeline/start.ts";

quietAnthropic(process.env);
installHooks(new URL("./instrumentation/", import.meta.url));
start();
