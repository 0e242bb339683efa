// Replays all dead letters until none is left, or it is killed. Each run of the handler is written down, and paid once for each idempotency key.
// Arguments: the file of effects, place of the letters, kind: `queue`, or `naive`.
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { JsonFileLetters } from "../../naive/letters-json-files.ts";
import { openLetters, openSource } from "../support/open-letters.ts";

/** The least that a queue takes: those that were killed are waited for. */
const LEASE_MS = 1_000;

const [file = "", place = "", kind = "queue"] = process.argv.slice(2);
const source = openSource(file);
const effect = source.prepare("INSERT INTO effects (key, process) VALUES (?, ?)");
let isWorking = false;
const pay = source.prepare("INSERT OR IGNORE INTO paid (key) VALUES (?)");

if (kind === "naive") {
  const letters = new JsonFileLetters(place);
  for (const letter of letters.list()) await letters.replay(letter, () => happens(letter.id));
} else {
  const { queue, store } = openLetters(place, { replayLeaseMs: LEASE_MS });
  while ((await queue.summary()).unresolved > 0) {
    const { letters } = await queue.replayAll({
      limit: 10,
      handler: (_, { idempotencyKey }) => happens(idempotencyKey),
    });
    // Others are at it, or were killed.
    if (!letters.some(({ outcome }) => outcome === "succeeded")) await wait(50);
  }
  await store.close();
}

async function happens(key: string): Promise<void> {
  effect.run(key, process.pid);
  await wait(1);
  pay.run(key);
  // From here on it may be killed: all that takes long to load is loaded.
  if (!isWorking) writeSync(1, "working\n");
  isWorking = true;
  await wait(1);
}
