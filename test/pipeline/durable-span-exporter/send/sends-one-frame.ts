import { httpSender } from "../../../../src/pipeline/durable-span-exporter/send/http-sender.ts";

// A program of process.test.ts: sends one frame and ends. Where it "holds", as one does that awaits a flush; where it "reads",
// it lives as long as its input, and sends a second frame.
const [url, bytes, how, timeoutMs] = process.argv.slice(2);
const sender = httpSender({ url: url!, timeoutMs: Number(timeoutMs) });
const hold = how === "holds" ? setTimeout(() => {}, 60_000) : undefined;
const frame = { body: new Uint8Array(Number(bytes)), gzip: false, spans: 1, createdMs: 0 };
const send = () => sender.send(frame, new AbortController().signal);
if (how === "reads") process.stdin.resume();

// Not awaited at the top: a module that waits for nothing ends with a warning.
void play();

async function play(): Promise<void> {
  console.log(JSON.stringify(await send()));
  if (how === "reads") console.log(JSON.stringify(await send()));
  process.stdin.destroy();
  clearTimeout(hold);
}
