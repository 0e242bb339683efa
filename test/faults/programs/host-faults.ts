import { ConsoleMetricExporter, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import type { Sampler, SpanExporter, SpanProcessor } from "@opentelemetry/sdk-trace";
import type { StartOptions } from "../../../src/pipeline/sdk-options.ts";
import { HOST_EVENTS } from "./host-events.ts";
import { HOST_HOOKS } from "./host-hooks.ts";
import { hostileRecords, hostileValues, unreadableAttributes } from "./host-hostile-values.ts";
import type { Handed } from "./host-work.ts";

/** What goes wrong in the program itself. Faults of the receiver and of the disk are made by whoever runs it. */
export interface HostFault {
  readonly options?: () => StartOptions;
  readonly handed?: Handed;
  /** Called before, and after start(). */
  readonly before?: () => void;
  readonly after?: () => void;
  /** Called many times while the calls are made, with the share of them that is done. */
  readonly between?: (share: number) => void;
}

function fail(): never {
  throw new Error("a hook of the user is broken");
}

const rejects = async (): Promise<never> => fail();
const never = (): Promise<never> => new Promise(() => {});

function processor(hook: () => unknown, ending: () => unknown): HostFault {
  const all = { onStart: hook, onEnding: hook, onEnd: hook, forceFlush: ending, shutdown: ending };
  return { options: () => ({ spanProcessors: [all as unknown as SpanProcessor] }) };
}

function exporter(parts: Partial<SpanExporter>): HostFault {
  const done: SpanExporter = {
    export: (_spans, report) => report({ code: 0 }),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  return { options: () => ({ traceExporter: { ...done, ...parts } }) };
}

function sampler(shouldSample: () => unknown): HostFault {
  const broken = { shouldSample, toString: fail } as unknown as Sampler;
  return { options: () => ({ sampler: broken }), between: HOST_HOOKS.ownSpan };
}

function reader(forceFlush: () => Promise<void>): HostFault {
  return {
    options: () => {
      const broken = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
      return { metricReaders: [Object.assign(broken, { forceFlush, shutdown: forceFlush })] };
    },
  };
}

const attributes = (value: Promise<string>): HostFault => ({
  options: () => ({ resourceAttributes: { late: value } as unknown as Record<string, string> }),
});

export const HOST_FAULTS: Readonly<Record<string, HostFault>> = {
  none: {},
  "processor throws": processor(fail, fail),
  "processor rejects": processor(rejects, rejects),
  "processor never settles": processor(() => {}, never),
  "sampler throws": sampler(fail),
  "sampler answers nonsense": sampler(() => undefined),
  "exporter throws": exporter({ export: fail }),
  "exporter rejects": exporter({ export: rejects as unknown as SpanExporter["export"] }),
  "exporter never calls back": exporter({ export: () => {} }),
  "exporter calls back twice": exporter({
    export: (_spans, report) => {
      report({ code: 1, error: new Error("first") });
      report({ code: 0 });
    },
  }),
  "exporter shutdown rejects": exporter({ forceFlush: rejects, shutdown: rejects }),
  "exporter flush throws": exporter({ forceFlush: fail, shutdown: fail }),
  "reader throws": reader(fail),
  "reader never settles": reader(never),
  "resource never settles": attributes(never()),
  "resource rejects": { ...attributes(Promise.resolve("")), options: () => rejectingResource() },
  "hostile values": { handed: hostileValues() },
  "hostile records": { handed: hostileRecords() },
  "unreadable attributes": { handed: unreadableAttributes() },
  "odd headers": {
    options: () => ({
      headers: {
        "content-length": "7",
        "Transfer-Encoding": "chunked",
        connection: "close",
        host: "elsewhere.invalid",
        "x-empty": "",
        "x-latin": "caf\u00e9",
        "x-long": "x".repeat(4_000),
      },
    }),
  },
  ...HOST_EVENTS,
};

function rejectingResource(): StartOptions {
  return { resourceAttributes: { late: rejects() } as unknown as Record<string, string> };
}
