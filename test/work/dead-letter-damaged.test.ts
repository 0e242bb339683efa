import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { queueWith, TASK } from "./letters/letter-fixture.ts";

describe("a letter in a database that somebody else has written to", () => {
  it.each([
    ["payload", "no JSON"],
    ["payload", '{"__proto__":1}'],
    ["context", "[]"],
    ["context", "{"],
    ["history", "{}"],
    ["history", "[7]"],
  ])("is damaged, is not replayed, and is in nobody's way: %s %s", async (column, value) => {
    const { queue, directory } = queueWith();
    const { id } = await queue.add(TASK);
    const other = await queue.add(TASK);
    const database = new DatabaseSync(join(directory, "letters.db"));
    database.prepare(`UPDATE dead_letters SET ${column} = ? WHERE id = ?`).run(value, id);
    database.close();
    await expect(queue.get(id)).rejects.toMatchObject({ code: "dead_letter_damaged", letterId: id });
    let runs = 0;
    for (let i = 0; i < 20; i++)
      await expect(queue.replay(id, () => runs++)).rejects.toMatchObject({ code: "dead_letter_damaged" });
    expect(runs).toBe(0);
    expect((await queue.list()).map((letter) => letter.id)).toEqual([other.id]);
    expect(await queue.replayAll({ handler: () => 1 })).toMatchObject({ succeeded: 1 });
    expect(await queue.resolve(id, "cannot be read")).toBe(true);
  });
});
