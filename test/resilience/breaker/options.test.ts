import { describe, expect, it } from "vitest";
import type { BreakerMachineOptions } from "../../../src/resilience/breaker/breaker-machine-options.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { countWindow } from "../../../src/resilience/breaker/trip/count-window.ts";
import { timeWindow } from "../../../src/resilience/breaker/trip/time-window.ts";
import { admitted, machineOf, untilProbe } from "./machine.ts";

const NO_WHOLE_NUMBERS = [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1.5, "5" as unknown as number];
const NO_RATES = [0, -0.1, 1.1, Number.NaN, "0.5" as unknown as number];

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** The error has to be a RangeError that names the option and the value. */
function refuses(make: () => unknown, option: string, value: unknown): void {
  expect(make).toThrow(RangeError);
  expect(make).toThrow(option);
  expect(make).toThrow(`got ${shown(value)}`);
}

describe("bad options are refused when the object is built", () => {
  it.each(NO_WHOLE_NUMBERS)("consecutiveFailures: limit of %s", (value) => {
    refuses(() => consecutiveFailures(value), "consecutiveFailures: limit", value);
  });

  describe.each([
    ["countWindow", countWindow, ["size", "minimumCalls", "slowCallMs"]],
    ["timeWindow", timeWindow, ["windowMs", "buckets", "minimumCalls", "slowCallMs"]],
  ] as const)("%s", (name, make, wholes) => {
    it.each(wholes.flatMap((option) => NO_WHOLE_NUMBERS.map((value) => [option, value] as const)))(
      "%s of %s",
      (option, value) => {
        refuses(() => make({ slowRate: 1, [option]: value }), `${name}: ${option}`, value);
      },
    );

    it.each(
      ["failureRate", "slowRate"].flatMap((option) => NO_RATES.map((value) => [option, value] as const)),
    )("%s of %s", (option, value) => {
      refuses(() => make({ [option]: value }), `${name}: ${option}`, value);
    });

    it("slowCallMs without a slowRate, which would do nothing", () => {
      expect(() => make({ slowCallMs: 100 })).toThrow(
        `${name}: slowCallMs of 100 does nothing without slowRate`,
      );
    });
  });

  it("countWindow: more minimumCalls than fit, which would never trip", () => {
    refuses(() => countWindow({ size: 4, minimumCalls: 5 }), "countWindow: minimumCalls", 5);
  });

  it.each(
    (
      [
        "recoveryTimeoutMs",
        "maxRecoveryTimeoutMs",
        "healthyWindowMs",
        "halfOpenPermits",
        "callTimeoutMs",
        "probeLeaseMs",
      ] as const
    ).flatMap((option) => NO_WHOLE_NUMBERS.map((value) => [option, value] as const)),
  )("breaker: %s of %s", (option, value) => {
    refuses(
      () => machineOf({ [option]: value } as Partial<BreakerMachineOptions>),
      `breaker: ${option}`,
      value,
    );
  });

  it.each([
    ["backoffFactor", 0.9],
    ["backoffFactor", Number.NaN],
    ["jitter", -0.1],
    ["jitter", 1.1],
    ["jitter", Number.NaN],
  ] as const)("breaker: %s of %s", (option, value) => {
    refuses(() => machineOf({ [option]: value }), `breaker: ${option}`, value);
  });

  it("breaker: maxRecoveryTimeoutMs below recoveryTimeoutMs", () => {
    refuses(() => machineOf({ maxRecoveryTimeoutMs: 999 }), "breaker: maxRecoveryTimeoutMs", 999);
  });
});

describe("the lease of a probe", () => {
  it.each([
    [{}, 30_000],
    [{ callTimeoutMs: 5_000 }, 5_000],
    [{ callTimeoutMs: 60_000 }, 30_000],
    [{ callTimeoutMs: 5_000, probeLeaseMs: 9_000 }, 9_000],
  ])("with %o is %d ms", (options, ms) => {
    const { machine, clock } = machineOf(options);
    untilProbe(machine, clock);
    admitted(machine);
    expect(machine.retryAfterMs()).toBe(ms);
  });
});
