// An agent that is called again and again, until standard input ends. Usage: node --import agent-otel/register alerts-steady.ts
import { once } from "node:events";
import { agent } from "agent-otel";

const work = agent("steady", async () => "done");
const timer = setInterval(() => void work(), 100);
console.log("{}");
process.stdin.resume();
await once(process.stdin, "end");
clearInterval(timer);
