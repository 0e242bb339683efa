import { beforeAll, describe, expect, it } from "vitest";
import { runTraced, type TracedRun } from "../fixtures/run-program.ts";

/** What the example prints under one label, in order of its five runs. */
function printed({ stdout }: TracedRun, label: string): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => line.startsWith(`  ${label} `))
    .map((line) => line.slice(label.length + 2).trim());
}

export function langgraphSuite() {
  describe.concurrent("the example with LangGraph", () => {
    let run: TracedRun;
    beforeAll(async () => {
      run = await runTraced("langgraph");
    }, 60_000);

    it("ends by itself, without a complaint", () => {
      expect(run.code, run.stderr).toBe(0);
      // The lines that agent-otel itself logs when a request is over.
      const complaints = run.stderr
        .split("\n")
        .filter((line) => !/^$| analyse_document finished — /.test(line));
      expect(complaints).toEqual([]);
    });

    it("gives readers null while the graph's own state has an older list", () => {
      const list = '["otter","river"]';
      expect(printed(run, "the graph's own state")).toEqual(Array(5).fill(list));
      expect(printed(run, "what readers get")).toEqual([list, "null", "null", "null", list]);
    });

    it("says why, and goes on with the analysis", () => {
      const held = "quarantined because of extract_agent";
      const free = "nothing is held back";
      expect(printed(run, "why")).toEqual([free, held, held, held, free]);
      const degraded = "Entities unavailable, upstream agent degraded.";
      const analysis = "Otters need rivers.";
      expect(printed(run, "analysis")).toEqual([analysis, degraded, degraded, degraded, analysis]);
    });

    it("opens the breaker after two failures, and closes it once the extractor works", () => {
      expect(printed(run, "breaker")).toEqual(["closed", "closed", "open", "open", "closed"]);
    });

    it("shows in the trace which field was held back, from whom, and because of whom", () => {
      expect(run.trace.match(/"name":"agents\.quarantined"/g)).toHaveLength(3);
      expect(run.trace.match(/"name":"agents\.quarantined_read"/g)).toHaveLength(3);
    });

    it("asks the extractor's model but for the call that was refused", () => {
      expect(run.trace.match(/"invoke_agent extract_agent"/g)).toHaveLength(4);
    });
  });
}
