import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LetterPlace } from "./support/dead-letter-runs.ts";
import { killReplayServers } from "./support/replay-servers.ts";

const LONG = process.env["AGENT_OTEL_LONG_FAULTS"] === "1";
const [LETTERS, KILLS] = LONG ? [2_000, 100] : [200, 10];

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

describe(`${LETTERS} replays that one process asks for and two others do, with ${KILLS} kill -9 of those`, () => {
  it.each(["letters.db", "letters"])(
    "are all done, and again only for a kill: %s",
    async (letters) => {
      const result = await killReplayServers(place(letters), LETTERS, KILLS);
      console.log(letters, JSON.stringify(result));
      expect(result).toMatchObject({ paid: LETTERS, asked: 0 });
      expect(result.runs).toBeLessThanOrEqual(LETTERS + KILLS);
    },
    1_200_000,
  );

  it("would be seen: who takes the request away first and replays then loses some", async () => {
    const result = await killReplayServers(place("naive", "naive"), 300, 10);
    console.log("naive", JSON.stringify(result));
    expect(result.asked).toBe(0);
    expect(result.paid).toBeLessThan(300);
  });
});
