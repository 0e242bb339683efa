import { describe } from "vitest";
import { fileCheckpoints } from "../../../src/stores/file/file-checkpoints.ts";
import { changedProgramsSuite } from "./changed-programs-suite.ts";
import { bench } from "./support.ts";

const at = bench();

describe("a changed program, on SQLite", () => {
  changedProgramsSuite(() => at.now.store);
});

describe("a changed program, on files", () => {
  changedProgramsSuite(() => fileCheckpoints(`${at.now.path}/checkpoints`));
});
