import { beforeAll, describe, expect, it } from "vitest";
import { type Artefacts, canariesFor, leaksIn, type Planted, plant } from "./support/plant-canaries.ts";

const COUNT = 1_000;
const CAPTURE = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: "SPAN_AND_EVENT" };

function report(what: string, artefacts: Artefacts, canaries: readonly Planted[]): void {
  const counts = Object.entries(leaksIn(artefacts, canaries)).map(
    ([name, leaked]) => `${leaked.length} in ${name} (${artefacts.texts[name]?.length} characters)`,
  );
  console.log(`${what}: of ${canaries.length} canaries ${counts.join(", ")}`);
}

/** Which place and shape, so that a failure says what to look at. */
function leaked(artefacts: Artefacts, canaries: readonly Planted[]): readonly string[] {
  return Object.entries(leaksIn(artefacts, canaries)).flatMap(([name, found]) =>
    found.map(({ place, shape, secret }) => `${name}: ${shape} from ${place} (${secret})`),
  );
}

describe.each([
  ["with the defaults", "any", {}],
  ["with content on, in shapes that can be known", "known", CAPTURE],
] as const)(
  `${COUNT.toLocaleString("en-US")} secrets in every place of a program, %s`,
  (what, content, env) => {
    const canaries = canariesFor(COUNT, 1, content);
    let artefacts: Artefacts;
    beforeAll(async () => {
      artefacts = await plant(canaries, { env });
      report(what, artefacts, canaries);
    }, 300_000);

    it("do not keep the program from its work, nor its telemetry from arriving", () => {
      expect(artefacts.code).toBe(0);
      const { "trace file": spans = "", "events and log records": logs = "" } = artefacts.texts;
      expect(spans.match(/"spanId"/g)?.length).toBeGreaterThan(COUNT * 0.9);
      expect(logs).toContain("exception.message");
      expect(spans).toContain("[redacted]");
      for (const [name, text] of Object.entries(artefacts.texts))
        expect(text.length, name).toBeGreaterThan(1_000);
    });

    it("are in no span, spool, event, metric, diagnostic, run line or trace file", () => {
      expect(leaked(artefacts, canaries)).toEqual([]);
    });
  },
);

describe("an instrumentation that records inputs and exceptions as they are", () => {
  it("would be seen to leak", async () => {
    const canaries = canariesFor(COUNT, 1, "any");
    const artefacts = await plant(canaries, { args: ["naive"] });
    report("the naive control", artefacts, canaries);
    expect(leaksIn(artefacts, canaries)["spans in the spool"]?.length).toBeGreaterThan(COUNT * 0.9);
  }, 300_000);
});
