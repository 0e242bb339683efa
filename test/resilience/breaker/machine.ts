import { BreakerMachine } from "../../../src/resilience/breaker/breaker-machine.ts";
import type { BreakerMachineOptions } from "../../../src/resilience/breaker/breaker-machine-options.ts";
import type { Permit } from "../../../src/resilience/breaker/permit.ts";
import { consecutiveFailures } from "../../../src/resilience/breaker/trip/consecutive-failures.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";

/** A machine that opens at the first failure, for exactly a second, unless told otherwise. */
export function machineOf(options: Partial<BreakerMachineOptions> = {}): {
  readonly machine: BreakerMachine;
  readonly clock: ManualClock;
} {
  const clock = new ManualClock();
  const machine = new BreakerMachine({
    trip: consecutiveFailures(1),
    recoveryTimeoutMs: 1_000,
    jitter: 0,
    clock,
    ...options,
  });
  return { machine, clock };
}

/** For calls that the test knows to pass. */
export function admitted(machine: BreakerMachine): Permit {
  const permit = machine.acquire();
  if (permit === undefined) throw new Error(`refused in ${machine.state}`);
  return permit;
}

export function call(machine: BreakerMachine, outcome: Parameters<BreakerMachine["settle"]>[1]): void {
  machine.settle(admitted(machine), outcome, outcome);
}

/** Opens it and lets the open time pass: the next call is a probe. */
export function untilProbe(machine: BreakerMachine, clock: ManualClock): void {
  call(machine, "failure");
  clock.advance(1_000);
}
