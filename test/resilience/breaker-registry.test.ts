import { describe, expect, it } from "vitest";
import { countWindow } from "../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../src/resilience/breaker/trip/time-window.ts";
import { BreakerRegistry, breakers } from "../../src/resilience/breaker-registry.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { MetricSources } from "../../src/telemetry/metric-sources.ts";

const boom = new Error("boom");

describe("a registry of breakers", () => {
  it("gives the same breaker to all who ask for one agent", () => {
    const registry = new BreakerRegistry();
    expect(registry.get("inventory")).toBe(registry.get("inventory"));
    expect(registry.get("inventory")).not.toBe(registry.get("orders"));
  });

  it("lists all its breakers, the last used at the end", () => {
    const registry = new BreakerRegistry();
    for (const name of ["a", "b", "a"]) registry.get(name);
    expect(registry.all().map(({ name }) => name)).toEqual(["b", "a"]);
  });

  it("makes breakers with its defaults", () => {
    const breaker = new BreakerRegistry({ defaults: { failureThreshold: 1 } }).get("inventory");
    breaker.recordFailure(boom);
    expect(breaker.state).toBe("open");
  });

  it("closes a breaker by its name, and says whether there was one", () => {
    const registry = new BreakerRegistry();
    registry.get("inventory").forceOpen();
    expect(registry.reset("inventory")).toBe(true);
    expect(registry.get("inventory").state).toBe("closed");
    expect(registry.reset("unknown")).toBe(false);
    expect(registry.has("unknown")).toBe(false);
  });

  it("of the process has the breakers that circuitBreaker makes", () => {
    const made = circuitBreaker({ name: "of-the-process" });
    expect(breakers.get("of-the-process")).toBe(made);
  });

  it("lets the closed one go that was used longest ago when it is full", () => {
    const registry = new BreakerRegistry({ maxBreakers: 2, metrics: new MetricSources() });
    registry.get("open").forceOpen();
    registry.get("old");
    registry.get("new");
    expect(registry.all().map(({ name }) => name)).toEqual(["open", "new"]);
  });

  it("keeps more than fit rather than let an open one go", () => {
    const registry = new BreakerRegistry({ maxBreakers: 1, metrics: new MetricSources() });
    registry.get("a").forceOpen();
    registry.get("b");
    expect(registry.get("a").state).toBe("forced_open");
  });

  it("refuses a name that is none, and a size that is none", () => {
    expect(() => new BreakerRegistry().get("")).toThrow("name must not be empty");
    expect(() => new BreakerRegistry({ maxBreakers: 0 })).toThrow(
      "breakers: maxBreakers must be a whole number from 1 to 100000, got 0",
    );
  });
});

describe("two breakers of one name", () => {
  const registry = new BreakerRegistry();

  it.each<[string, () => object]>([
    ["the same numbers", () => ({ failureThreshold: 3 })],
    ["a function written in the call", () => ({ classify: () => "failure" })],
    ["a count window of the same size", () => ({ trip: countWindow({ size: 50 }) })],
    ["a time window of the same length", () => ({ trip: timeWindow({ windowMs: 5_000 }) })],
  ])("are one with %s", (name, options) => {
    const first = circuitBreaker({ name, registry, ...options() });
    expect(circuitBreaker({ name, registry, ...options() })).toBe(first);
  });

  it.each<[string, object, object, string]>([
    ["a number", { failureThreshold: 3 }, { failureThreshold: 5 }, "another failureThreshold (3, now 5)"],
    ["one left out", {}, { callTimeoutMs: 9 }, "another callTimeoutMs (undefined, now 9)"],
    ["a window", { trip: countWindow({ size: 9 }) }, { trip: countWindow({ size: 8 }) }, "another trip"],
    ["a function", { classify: () => "failure" }, { classify: () => "ignored" }, "another classify"],
    ["a ledger", { ledger: { record() {} } }, { ledger: { record() {} } }, "another ledger"],
  ])("are an error with %s that differs", (what, before, now, message) => {
    circuitBreaker({ name: `other ${what}`, registry, ...before });
    expect(() => circuitBreaker({ name: `other ${what}`, registry, ...now })).toThrow(message);
  });

  it("of which the second has a value that none may have are an error about the value", () => {
    circuitBreaker({ name: "value", registry });
    expect(() => circuitBreaker({ name: "value", registry, recoveryTimeoutMs: -1 })).toThrow(
      "recoveryTimeoutMs must be a whole number",
    );
  });
});
