import { describe } from "vitest";
import { MemoryBreakers } from "../../src/stores/memory/memory-breakers.ts";
import { breakerStoreSuite } from "./breaker-store-suite.ts";

describe("breaker state in memory", () => {
  const memory = new MemoryBreakers();
  breakerStoreSuite(async () => memory.driver());
});
