import { describe, expect, it } from "vitest";
import { type ProgressStream, withProgress } from "../../src/cli/progress.ts";

function stream(isTTY: boolean): ProgressStream & { readonly text: () => string } {
  let text = "";
  const write = (chunk: string | Uint8Array): boolean => {
    text += String(chunk);
    return true;
  };
  return { isTTY, columns: 40, write: write as ProgressStream["write"], text: () => text };
}

describe("withProgress", () => {
  it("draws one line on a terminal, cut to its width, and clears it", async () => {
    const out = stream(true);
    const work = async (tell: (detail: string) => void) => {
      tell(`at letter 3\x1b[31m ${"x".repeat(100)}`);
      return "done";
    };
    expect(await withProgress("Replaying", work, { stream: out, afterMs: 0 })).toBe("done");
    const [, drawn = "", cleared] = out.text().split("\r\x1b[K");
    expect(drawn).toMatch(/^Replaying, at letter 3\\x1b\[31m x+…$/);
    expect(drawn.length).toBeLessThan(40);
    expect(cleared).toBe("");
  });

  it("clears the line where the work fails, and rethrows the same error", async () => {
    const out = stream(true);
    const error = new Error("broken");
    const work = async (tell: (detail: string) => void) => {
      tell("1 %");
      throw error;
    };
    await expect(withProgress("Reading", work, { stream: out, afterMs: 0 })).rejects.toBe(error);
    expect(out.text().endsWith("\r\x1b[K")).toBe(true);
  });

  it("draws nothing for what is done soon, and nothing in a pipe", async () => {
    const [terminal, pipe] = [stream(true), stream(false)];
    const work = async (tell: (detail: string) => void) => tell("1 %");
    await withProgress("Reading", work, { stream: terminal });
    await withProgress("Reading", work, { stream: pipe, afterMs: 0 });
    expect(terminal.text() + pipe.text()).toBe("");
  });
});
