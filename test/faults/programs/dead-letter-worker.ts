// Takes messages from a table until there are none left, or it is killed. Those that always fail become dead letters. Arguments: the table's
// file, place of the letters, which lane of how many, kind: `queue`, or `naive`.
import { writeSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { JsonFileLetters } from "../../naive/letters-json-files.ts";
import { isFailing, openLetters, openSource } from "../support/open-letters.ts";

const ATTEMPTS = 2;

const [file = "", place = "", lane = "0", lanes = "1", kind = "queue"] = process.argv.slice(2);
const source = openSource(file);
const next = source.prepare("SELECT id FROM messages WHERE id % ? = ? ORDER BY id LIMIT 1");
const remove = source.prepare("DELETE FROM messages WHERE id = ?");
const finish = source.prepare("INSERT INTO done (id) VALUES (?)");

if (kind === "naive") await work(naive());
else {
  const { queue, store } = openLetters(place);
  await work(async (id) => {
    let error: unknown;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await task(id);
        source.exec("BEGIN IMMEDIATE");
        remove.run(id);
        finish.run(id);
        source.exec("COMMIT");
        return;
      } catch (thrown) {
        error = thrown;
      }
    }
    await queue.add({
      taskType: "message",
      payload: { id },
      error,
      attempts: ATTEMPTS,
      key: `message ${id}`,
    });
    remove.run(id);
  });
  await store.close();
}

async function work(handle: (id: number) => Promise<void>): Promise<void> {
  for (let handled = 0; ; handled++) {
    const row = next.get(Number(lanes), Number(lane)) as { readonly id: number } | undefined;
    if (row === undefined) return;
    await handle(row.id);
    // From here on it may be killed: all that takes long to load is loaded.
    if (handled === 0) writeSync(1, "working\n");
  }
}

async function task(id: number): Promise<void> {
  await wait(1);
  if (isFailing(id)) throw new Error(`message ${id} cannot be done`);
}

/** Takes the message out first, and keeps it in memory until it has failed for good. */
function naive(): (id: number) => Promise<void> {
  const letters = new JsonFileLetters(place);
  return async (id) => {
    remove.run(id);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        await task(id);
        finish.run(id);
        return;
      } catch {
        if (attempt === ATTEMPTS) await letters.add({ id });
      }
    }
  };
}
