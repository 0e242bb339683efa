// Makes an alert for a webhook that never answers, and does nothing more: once the message is there, which standard input tells, the program
// must end by itself at once. Argument: the URL of the webhook.
import { once } from "node:events";
import { agent, alerts, webhookChannel } from "../../../src/index.ts";

const [url = ""] = process.argv.slice(2);
alerts({ channels: [webhookChannel({ url, secret: "a secret of many bytes", allowLocalHttp: true })] });
await agent("researcher", () => Promise.reject(new Error("no")))().catch(() => {});
process.stdin.resume();
await once(process.stdin, "end");
console.log("done");
