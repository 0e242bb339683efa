// Keys, and texts that come again, are remembered from one request to the next: nothing of that may show.
import { resourceFromAttributes } from "@opentelemetry/resources";
import { describe, it } from "vitest";
import { spanOf, spanWith } from "./span-of.ts";
import { expectSameBytes } from "./transformer.ts";

describe("what the encoder remembers", () => {
  it("keeps texts of one key apart, in every order", () => {
    const texts = [
      "a",
      "b",
      "a",
      "a",
      "a",
      "b",
      "b",
      "",
      "",
      "é",
      "é",
      "é",
      "a".repeat(96),
      "a".repeat(96),
      "a".repeat(97),
    ];
    expectSameBytes(
      texts.flatMap((value) => [spanWith({ key: value }), spanWith({ other: value, key: value })]),
    );
  });

  it("keeps texts apart from other types of the same look", () => {
    const values = ["1", "1", "1", 1, "1", true, "true", "true", "true", ["true"], "true", null, "null"];
    expectSameBytes(values.map((key) => spanWith({ key })));
  });

  it("writes a remembered text anew in a place with another tag", () => {
    const attributes = { key: "value", inner: { key: "value" } };
    const span = spanOf({
      attributes,
      events: [{ name: "e", time: [1, 2], attributes }],
      links: [{ context: { traceId: "00", spanId: "00", traceFlags: 0 }, attributes }],
      instrumentationScope: { name: "s", attributes },
      resource: { attributes },
    });
    expectSameBytes([span, span, span]);
  });

  it("goes on when it has seen more keys than it keeps", () => {
    const keys = Array.from({ length: 3_000 }, (_, i) => `key-${i}`);
    const spans = keys.map((key, i) => spanWith({ [key]: "value", key: "value", [keys[i >> 1]!]: i }));
    expectSameBytes([...spans, ...spans]);
  });

  it("writes keys and texts at the lengths up to which it remembers", () => {
    const lengths = [0, 1, 23, 24, 25, 60, 95, 96, 97, 119, 120, 121, 127, 128, 129, 200, 16_383, 16_384];
    for (const part of ["k", "é", "語", "😀"]) {
      const spans = lengths.map((length) =>
        spanWith({ [part.repeat(length)]: "value", value: part.repeat(length), list: [part.repeat(length)] }),
      );
      expectSameBytes([...spans, ...spans, ...spans]);
    }
  });

  it("sees that attributes of a resource or a scope were changed", () => {
    const resource = resourceFromAttributes({ "service.name": "a" });
    const instrumentationScope = { name: "s", attributes: { region: "a" } };
    const span = spanOf({ resource, instrumentationScope });
    expectSameBytes([span]);
    resource.attributes["service.name"] = "b";
    instrumentationScope.attributes.region = "b";
    expectSameBytes([span]);
  });

  it("writes attributes of a resource that came late", async () => {
    const resource = resourceFromAttributes({ now: "here", late: Promise.resolve("there") });
    const span = spanOf({ resource });
    expectSameBytes([span]);
    await resource.waitForAsyncAttributes?.();
    expectSameBytes([span]);
  });

  it("grows for spans larger than its memory, and shrinks again", () => {
    const large = spanWith({ prompt: "é".repeat(3_000_000), answer: "a".repeat(3_000_000) });
    expectSameBytes([spanWith({ a: 1 }), large, spanWith({ a: 1 })]);
    expectSameBytes([spanWith({ a: 1 })]);
  });
});
