import { emptyResource } from "@opentelemetry/resources";
import type { PushMetricExporter, ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/pipeline/durable-span-exporter/delivery.ts";
import { metricExporter } from "../../src/pipeline/metric-exporter.ts";
import {
  delivered,
  ManualTimers,
  refused,
  ScriptedSender,
  settled,
} from "./durable-span-exporter/support.ts";

const METRICS: ResourceMetrics = { resource: emptyResource(), scopeMetrics: [] };
const selects = { shutdown: async () => {} } as PushMetricExporter;

function setUp() {
  const sender = new ScriptedSender();
  const timers = new ManualTimers();
  const failures: string[] = [];
  const exporter = metricExporter({
    sender,
    gzip: false,
    selects,
    failed: ({ message }) => void failures.push(message),
    after: timers.after,
  });
  let answers = 0;
  const exportOnce = async (): Promise<void> => {
    exporter.export(METRICS, () => {
      answers++;
    });
    await settled();
  };
  return { sender, timers, failures, exporter, exportOnce, answers: () => answers };
}

describe("the metric exporter", () => {
  it("answers its reader when the receiver has answered", async () => {
    const { sender, exportOnce, answers } = setUp();
    await exportOnce();
    expect(answers()).toBe(0);
    await sender.answer(delivered);
    expect(answers()).toBe(1);
  });

  it("answers its reader after half a second at most", async () => {
    const { timers, exportOnce, answers } = setUp();
    await exportOnce();
    await timers.advance(500);
    expect(answers()).toBe(1);
  });

  it("sends one request after another", async () => {
    const { sender, exportOnce } = setUp();
    await exportOnce();
    await exportOnce();
    expect(sender.sent).toHaveLength(1);
    await sender.answer(delivered);
    expect(sender.sent).toHaveLength(2);
  });

  it("tries again after a second what did not arrive, and then says nothing", async () => {
    const { sender, timers, exportOnce, failures } = setUp();
    await exportOnce();
    await sender.answer(refused);
    await timers.advance(1_000);
    await sender.answer(delivered);
    expect(sender.sent).toHaveLength(2);
    expect(failures).toEqual([]);
  });

  it("gives up after four attempts, and says why", async () => {
    const { sender, timers, exportOnce, failures } = setUp();
    await exportOnce();
    for (let i = 0; i < 4; i++) {
      await sender.answer(refused);
      await timers.advance(10_000);
    }
    expect(sender.sent).toHaveLength(4);
    expect(failures).toEqual(["connect ECONNREFUSED"]);
  });

  it("does not try again what was refused", async () => {
    const outcome: Outcome = { kind: "rejected", reason: "rejected", why: "HTTP 400" };
    const { sender, exportOnce, failures } = setUp();
    await exportOnce();
    await sender.answer(outcome);
    expect(failures).toEqual(["HTTP 400"]);
  });

  it("does not wait out a pause when it is flushed", async () => {
    const { sender, exporter, exportOnce } = setUp();
    await exportOnce();
    await sender.answer(refused);
    const flushed = exporter.forceFlush();
    await settled();
    await sender.answer(refused);
    await flushed;
    expect(sender.sent).toHaveLength(2);
  });

  it("holds four requests at most, and answers for others at once", async () => {
    const { sender, exportOnce, answers } = setUp();
    for (let i = 0; i < 9; i++) await exportOnce();
    expect(answers()).toBe(5);
    for (let i = 0; i < 9; i++) await sender.answer(delivered);
    expect(sender.sent).toHaveLength(4);
  });
});
