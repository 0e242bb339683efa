import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { cleanText } from "../../../src/agent/content/clean.ts";
import { agent } from "../../../src/index.ts";
import { userRedaction } from "../../../src/internal/redact/user-redaction.ts";
import { redactBeginning, redactMessage } from "../../../src/internal/redact.ts";
import { watch } from "../../agent/support.ts";

const told = watch();

afterEach(() => userRedaction.use(undefined));

describe("the program's own redaction", () => {
  it("gets each text as it is, and says what is recorded", () => {
    const seen: unknown[] = [];
    userRedaction.use((text, what) => {
      seen.push([text, what]);
      return text.replace("Bob", "<name>");
    });
    expect(redactMessage("no Bob here")).toBe("no <name> here");
    expect(cleanText("ask Bob", 100)).toBe("ask <name>");
    expect(seen).toEqual([
      ["no Bob here", "error"],
      ["ask Bob", "content"],
    ]);
  });

  it("is followed by our rules", () => {
    userRedaction.use((text) => `${text} password=hunter2`);
    expect(redactMessage("no")).toBe("no password=[redacted]");
  });

  const broken: readonly (readonly [string, (text: string) => unknown, string])[] = [
    [
      "throws",
      () => {
        throw new Error("cannot");
      },
      "cannot",
    ],
    ["gives nothing", () => undefined, "got undefined"],
    [
      "is async",
      async () => {
        throw new Error("later");
      },
      "got object",
    ],
  ];
  it.each(broken)("that %s replaces the text whole", async (_, fn) => {
    userRedaction.use(fn as (text: string) => string);
    expect(redactMessage("hello")).toBe("[redacted]");
    expect(cleanText("hello", 100)).toBe("[redacted]");
    expect(redactBeginning("hello", 100, "log")).toBe("[redacted]");
    // A rejection that nobody handles would end the process in this turn.
    await turn();
  });

  it("that asks something that is recorded itself does not go on for ever", () => {
    userRedaction.use((text) => {
      try {
        agent("inner", () => {
          throw new Error("inner Bob");
        })();
      } catch {}
      return text;
    });
    expect(redactMessage("outer")).toBe("outer");
    expect(told.spans.get("invoke_agent inner").status.message).toBe("[redacted]");
  });

  it("does not change what the caller gets", () => {
    userRedaction.use(() => "nothing");
    const error = new Error("Bob");
    const fails = agent("fails", () => {
      throw error;
    });
    expect(fails).toThrow(error);
    expect(told.spans.get("invoke_agent fails").status.message).toBe("nothing");
  });
});
