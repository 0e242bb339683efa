import { expect, it } from "vitest";
import { userRedaction } from "../../../src/internal/redact/user-redaction.ts";
import { redactMessage } from "../../../src/internal/redact.ts";
import { watch } from "../../agent/support.ts";

const told = watch();

// In a file of its own: a warning is given once in a process.
it("a program's redaction that fails is reported once, without the text", () => {
  userRedaction.use((text) => {
    throw new Error(`cannot: ${text} password=hunter2`);
  });
  for (let i = 0; i < 3; i++) redactMessage("some text");
  userRedaction.use(undefined);
  expect(told.warnings).toEqual(["agent-otel: the redact function failed; the program is not affected"]);
});
