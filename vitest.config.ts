import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// `npm test` is what needs Node alone: unit and contract. The tiers that need a real stack, or minutes of faults, have projects
// of their own, so that neither becomes part of the other by accident.
const report = process.env["AGENT_OTEL_TEST_REPORT"];

export default defineConfig({
  test: {
    // On two cores Vitest would take one; the tests wait for processes of their own a good part of their time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/contract/**", "test/stack/**", "test/faults/**"],
          testTimeout: 60_000,
        },
      },
      { test: { name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "stack",
          include: ["test/stack/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 2_400_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
