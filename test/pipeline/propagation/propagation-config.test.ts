import { describe, expect, it } from "vitest";
import { readPropagateTo, readTrustIncoming } from "../../../src/pipeline/propagation/propagation-config.ts";

const at = (host: string) => ({ host, port: 443 });

describe("readPropagateTo", () => {
  it("allows this machine alone by default", () => {
    const list = readPropagateTo({});
    expect([list.allows(at("a.example")), list.allows(at("localhost"))]).toEqual([false, true]);
  });

  it("reads AGENT_OTEL_PROPAGATE_TO, a comma list", () => {
    const list = readPropagateTo({ AGENT_OTEL_PROPAGATE_TO: " a.example , .b.example,," });
    expect(["a.example", "x.b.example", "c.example"].map((host) => list.allows(at(host)))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("lets the option win, an empty one too", () => {
    const list = readPropagateTo({ AGENT_OTEL_PROPAGATE_TO: "a.example" }, { propagateTo: [] });
    expect(list.allows(at("a.example"))).toBe(false);
  });

  it("names the variable or the option that is wrong", () => {
    expect(() => readPropagateTo({ AGENT_OTEL_PROPAGATE_TO: "a.example,b/c" })).toThrow(
      /^AGENT_OTEL_PROPAGATE_TO .*"b\/c"/,
    );
    expect(() => readPropagateTo({}, { propagateTo: ["b/c"] })).toThrow(/^start: propagateTo .*"b\/c"/);
    expect(() => readPropagateTo({}, { propagateTo: "a.example" as never })).toThrow(
      /^start: propagateTo must be an array/,
    );
  });
});

describe("readTrustIncoming", () => {
  it("is false by default, true for AGENT_OTEL_TRUST_INCOMING=true, and the option wins", () => {
    expect(readTrustIncoming({})).toBe(false);
    expect(readTrustIncoming({ AGENT_OTEL_TRUST_INCOMING: "True" })).toBe(true);
    expect(readTrustIncoming({ AGENT_OTEL_TRUST_INCOMING: "true" }, { trustIncoming: false })).toBe(false);
  });

  it("refuses what is neither true, false nor a function", () => {
    expect(() => readTrustIncoming({}, { trustIncoming: "yes" as never })).toThrow(
      'start: trustIncoming must be true, false or a function, got "yes"',
    );
  });
});
