import { describe, expect, it } from "vitest";
import { runProgram } from "../../pipeline/fixtures/run-program.ts";

const file = (name: string): string => new URL(`fixtures/${name}`, import.meta.url).href;

describe("an OpenTelemetry API without logs (1.9)", () => {
  it("loses the events and nothing else", async () => {
    using program = runProgram(file("fails.ts"), [], { NODE_OPTIONS: `--import=${file("old-api.mjs")}` });
    const { code, stdout, diag } = await program.ended;
    expect(diag).toEqual([]);
    expect(stdout).toBe("false answer no\n");
    expect(code).toBe(0);
  });
});
