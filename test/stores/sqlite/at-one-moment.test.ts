import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { atOneMoment } from "../../../src/stores/sqlite/transaction.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("reading at one moment", () => {
  it("sees nothing of what another process commits in between, and all of it afterwards", async () => {
    const path = join(await temporaryFolder(), "shared.db");
    const [reader, writer] = [new DatabaseSync(path), new DatabaseSync(path)];
    reader.exec("PRAGMA journal_mode = WAL");
    const version = () => reader.prepare("PRAGMA user_version").get()?.["user_version"];
    // As when its tables are made between the look at whose file it is and the look at how new it is.
    const seen = atOneMoment(reader, () => {
      const before = version();
      writer.exec("PRAGMA user_version = 7");
      return [before, version()];
    });
    expect(seen).toEqual([0, 0]);
    expect(version()).toBe(7);
    reader.close();
    writer.close();
  });
});
