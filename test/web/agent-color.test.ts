import fc from "fast-check";
import { expect, it } from "vitest";
import { agentColor, SURFACES } from "../../src/web/color/agent-color.ts";
import { contrast } from "../../src/web/color/oklch.ts";

it("can be told from the ground in both themes, for any name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const { light, dark } = agentColor(name);
      expect(contrast(light, SURFACES.light)).toBeGreaterThanOrEqual(3);
      expect(contrast(dark, SURFACES.dark)).toBeGreaterThanOrEqual(3);
    }),
    { numRuns: 2_000 },
  );
});

it("is the same for the same name", () => {
  expect(agentColor("writer")).toEqual(agentColor("writer"));
});

it("differs for names that differ in their last letter", () => {
  const colors = Array.from({ length: 20 }, (_, index) => agentColor(`worker-${index}`).light);
  expect(new Set(colors).size).toBeGreaterThan(18);
});
