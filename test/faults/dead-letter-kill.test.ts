import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killReplayers, killWorkers, type LetterPlace } from "./support/dead-letter-runs.ts";

const LONG = process.env["AGENT_OTEL_LONG_FAULTS"] === "1";
const [MESSAGES, KILLS] = LONG ? [10_000, 500] : [1_000, 10];
const [LETTERS, REPLAY_KILLS] = LONG ? [2_000, 100] : [200, 10];

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "agent-otel-dead-letters-"));
});
afterEach(() => rmSync(directory, { recursive: true }));
const place = (letters: string, kind: LetterPlace["kind"] = "queue"): LetterPlace => ({
  source: join(directory, "source.db"),
  letters: join(directory, letters),
  kind,
});

describe(`${MESSAGES} messages, a third of which always fail, and ${KILLS} kill -9 of those who work them off`, () => {
  it.each(["letters.db", "letters"])(
    "lose nothing, and do nothing twice: %s",
    async (letters) => {
      const result = await killWorkers(place(letters), MESSAGES, KILLS);
      console.log(letters, JSON.stringify(result));
      expect(result).toMatchObject({ lost: 0, twice: 0, inFlight: 0, messages: MESSAGES });
      expect(result.done + result.dead).toBe(MESSAGES);
      expect(result.dead).toBe(Math.floor(MESSAGES / 3));
    },
    1_200_000,
  );

  it("would be seen: who takes a message out first and writes a file when it has failed loses some", async () => {
    const result = await killWorkers(place("naive", "naive"), 500, 10);
    console.log("naive", JSON.stringify(result));
    expect(result.lost).toBeGreaterThan(0);
  });
});

describe(`${LETTERS} dead letters that two processes replay, with ${REPLAY_KILLS} kill -9 in between`, () => {
  it.each(["letters.db", "letters"])(
    "have one effect each, and run again only for a kill: %s",
    async (letters) => {
      const result = await killReplayers(place(letters), LETTERS, REPLAY_KILLS);
      console.log(letters, JSON.stringify(result));
      expect(result).toMatchObject({ paid: LETTERS, unresolved: 0 });
      expect(result.runs).toBeGreaterThanOrEqual(LETTERS);
      // A process has one replay under way when it is killed.
      expect(result.runs).toBeLessThanOrEqual(LETTERS + REPLAY_KILLS);
    },
    1_200_000,
  );

  it("would be seen: where nobody claims them, two processes replay the same ones", async () => {
    const result = await killReplayers(place("naive", "naive"), 300, 0);
    console.log("naive", JSON.stringify(result));
    expect(result.runs).toBeGreaterThan(300);
  });
});
