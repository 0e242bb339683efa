import { describe } from "vitest";
import { memoryUsage } from "../../src/stores/usage/memory-usage.ts";
import { usageStoreSuite } from "./usage-store-suite.ts";

describe("usage in memory", () => {
  usageStoreSuite(async () => memoryUsage());
});
