import { inspect } from "node:util";
import { trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { cascadeGuard } from "../../../src/resilience/guard/cascade-guard.ts";
import type { LedgerEntry } from "../../../src/stores/ledger/ledger.ts";
import { type MetricSources, metricSources } from "../../../src/telemetry/metric-sources.ts";
import { SpanRecorder } from "../../../src/testing/index.ts";
import { boom, failing, link, setUp, TTL, writer } from "./support.ts";

function points(metrics: MetricSources, name: string) {
  const instrument = metrics.collect().find((each) => each.name === name);
  return instrument?.points.map((point) => [
    point.attributes["agents.guard.node"],
    "value" in point ? point.value : undefined,
  ]);
}

describe("the metrics of a guard", () => {
  it("say how many fields readers get null for now, by the node that wrote them", () => {
    const { guard, metrics, clock } = setUp();
    const write = writer(guard, "x");
    link(guard, "x", "y").node(write({}, "wrong"));
    guard.quarantine("x", { actor: "reviewer" });
    const name = "agents.quarantined_fields";
    expect(points(metrics, name)).toEqual([
      ["x_to_y", 1],
      ["writes_x", 1],
    ]);
    write({}, "right");
    expect(points(metrics, name)).toEqual([
      ["x_to_y", 1],
      ["writes_x", 0],
    ]);
    clock.advance(TTL);
    expect(points(metrics, name)).toEqual([
      ["x_to_y", 0],
      ["writes_x", 0],
    ]);
  });

  it("count a field once however often its node fails", () => {
    const { guard, metrics } = setUp();
    const write = writer(guard, "x");
    for (let i = 0; i < 5; i++) failing(write, {});
    expect(points(metrics, "agents.quarantined_fields")).toEqual([["writes_x", 1]]);
  });

  it("count reads that got null or the last good version, by the node that read", () => {
    const { guard, metrics, clock } = setUp();
    const write = writer(guard, "x");
    const { node } = link(guard, "x", "y");
    const state = failing(write, write({}, "good"));
    node(state);
    clock.advance(TTL);
    node(state);
    node({ other: 1 });
    expect(points(metrics, "agents.quarantined_reads")).toEqual([["x_to_y", 3]]);
  });

  it("add up what several guards with nodes of one name hold back", () => {
    for (const guard of [cascadeGuard(), cascadeGuard()]) failing(writer(guard, "of_two"), {});
    expect(points(metricSources, "agents.quarantined_fields")).toEqual([["writes_of_two", 2]]);
  });
});

describe("the span of a call", () => {
  let recorder: SpanRecorder | undefined;
  afterEach(() => recorder?.stop());

  it("tells of quarantines and of reads: field, node, source and reason, and no value", () => {
    recorder = new SpanRecorder();
    const { guard } = setUp();
    trace.getTracer("test").startActiveSpan("request", (span) => {
      const write = writer(guard, "x");
      const state = link(guard, "x", "y").node(write({}, "a secret value"));
      failing(write, state);
      guard.quarantine("x", { actor: "reviewer" });
      link(guard, "y", "z").node(state);
      span.end();
    });
    const { events } = recorder.get("request");
    expect(events.map(({ name, attributes }) => [name, ...Object.values(attributes ?? {})])).toEqual([
      ["agents.quarantined", "x", "writes_x", "quarantined", "writes_x"],
      ["agents.quarantined", "y", "reviewer", "tainted", "x_to_y"],
      ["agents.quarantined", "x", "reviewer", "quarantined", "writes_x"],
      ["agents.quarantined_read", "y", "reviewer", "tainted", "y_to_z"],
    ]);
    expect(inspect(events)).not.toContain("secret");
  });
});

describe("the ledger of a guard", () => {
  it("keeps what was held back, and who released it", () => {
    const rows: LedgerEntry[] = [];
    const { guard } = setUp({ name: "g", ledger: { record: (entry) => rows.push(entry) } });
    failing(writer(guard, "x"), {});
    guard.quarantine("x", { actor: "bob" });
    guard.release("x", { actor: "ada" });
    guard.release("x", { actor: "ada" });
    expect(rows).toMatchObject([
      {
        kind: "transition",
        subject: "x",
        from: "readable",
        to: "quarantined",
        payload: { guard: "g", node: "writes_x" },
      },
      { kind: "transition", subject: "x", to: "quarantined" },
      { kind: "operator", subject: "x", to: "quarantined", actor: "bob" },
      { kind: "operator", subject: "x", to: "released", actor: "ada", payload: { guard: "g" } },
    ]);
    expect(rows).toHaveLength(4);
  });

  it("costs a node nothing where it throws", () => {
    const ledger = {
      record: () => {
        throw boom;
      },
    };
    const { guard } = setUp({ ledger });
    const other = new Error("of the node");
    expect(() => writer(guard, "x")({}, other)).toThrow(other);
    expect(guard.why("x")).toBeDefined();
  });
});
