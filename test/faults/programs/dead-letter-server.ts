// Serves the replays that others ask for, until it is killed, or told to end through its input. Each run of the handler is written down, and
// paid once for each idempotency key.
// Arguments: the file of effects, place of the letters, kind: `queue`, or `naive`.
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { ReplayFlags } from "../../naive/replay-flag-files.ts";
import { openLetters, openSource } from "../support/open-letters.ts";

/** The least that a queue takes: those that were killed are waited for. */
const LEASE_MS = 1_000;

const [file = "", place = "", kind = "queue"] = process.argv.slice(2);
const source = openSource(file);
const effect = source.prepare("INSERT INTO effects (key, process) VALUES (?, ?)");
const pay = source.prepare("INSERT OR IGNORE INTO paid (key) VALUES (?)");
let isWorking = false;
let isEnding = false;
process.stdin.on("data", () => {
  isEnding = true;
});

if (kind === "naive") {
  const flags = new ReplayFlags(place);
  writeSync(1, "serving\n");
  for (; !isEnding; await wait(20)) await flags.serve(happens);
} else {
  const { queue, store } = openLetters(place, { replayLeaseMs: LEASE_MS });
  const service = queue.serveReplays((_, { idempotencyKey }) => happens(idempotencyKey), { pollMs: 100 });
  writeSync(1, "serving\n");
  while (!isEnding) await wait(20);
  await service.close();
  await store.close();
}
process.exit(0);

async function happens(key: string): Promise<void> {
  effect.run(key, process.pid);
  await wait(2);
  pay.run(key);
  // From here on it may be killed: all that takes long to load is loaded.
  if (!isWorking) writeSync(1, "working\n");
  isWorking = true;
  await wait(2);
}
