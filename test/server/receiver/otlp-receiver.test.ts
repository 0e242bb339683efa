import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import type { TelemetryBatch } from "../../../src/server/telemetry-store/telemetry-batch.ts";
import { logBody, madeSpans, metricBody, requestOf, spanBody } from "./otlp-bodies.ts";

class Kept {
  readonly batches: TelemetryBatch[] = [];
  async add(batch: TelemetryBatch): Promise<void> {
    this.batches.push(batch);
  }
}

const never = { add: () => new Promise<void>(() => {}) };

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
  path = "/v1/traces",
): Request {
  return new Request(`http://127.0.0.1:4318${path}`, {
    method: "POST",
    headers,
    body,
  });
}

function packed(content: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(content));
}

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

describe("otlpReceiver", () => {
  it("reads the same spans from protobuf and from JSON", async () => {
    const kept = new Kept();
    const receive = otlpReceiver(kept);
    const spans = madeSpans(4);
    for (const encoding of ["protobuf", "json"] as const)
      expect((await receive(requestOf(spanBody(encoding, spans)))).status).toBe(200);
    const [protobuf, json] = kept.batches;
    expect(protobuf?.spans).toHaveLength(12);
    expect(json?.spans).toEqual(protobuf?.spans);
  });

  it("reads the same metrics and logs from protobuf and from JSON", async () => {
    const kept = new Kept();
    const receive = otlpReceiver(kept);
    const bodies = [
      await metricBody("protobuf"),
      await metricBody("json"),
      logBody("protobuf", undefined),
      logBody("json", undefined),
    ];
    for (const body of bodies) await receive(requestOf(body));
    const [metrics, metricsToo, logs, logsToo] = kept.batches;
    const untimed = (batch: TelemetryBatch | undefined) =>
      batch?.points?.map((point) => ({ ...point, timeMs: 0 }));
    expect(untimed(metrics)).toHaveLength(7);
    expect(untimed(metricsToo)).toEqual(untimed(metrics));
    expect(logs?.logs).toMatchObject([
      { body: "asked", severity: "INFO" },
      { body: '{"deep":["no",1,true]}' },
    ]);
    expect(logsToo?.logs?.map(({ body }) => body)).toEqual(logs?.logs?.map(({ body }) => body));
  });

  it("gives each text as it was sent, however much it looks like another", async () => {
    const kept = new Kept();
    const receive = otlpReceiver(kept);
    const alike = Array.from(
      { length: 100 },
      (_, i) => `a${String(i).padStart(3, "0")}${"-".repeat(i % 40)}é`,
    );
    const extra = Object.fromEntries(
      alike.map((text, i) => [`key.${i % 10}.${i}`, i % 3 === 0 ? text : text.replace("é", "e")]),
    );
    const spans = madeSpans(3, extra);
    for (const encoding of ["protobuf", "json"] as const) await receive(requestOf(spanBody(encoding, spans)));
    const [protobuf, json] = kept.batches;
    expect(protobuf?.spans?.some(({ attributes }) => attributes["key.0.0"] === "a000é")).toBe(true);
    expect(protobuf?.spans).toEqual(json?.spans);
  });

  it("says with the last of several requests that nothing else is on the way", async () => {
    const said: (boolean | undefined)[] = [];
    const receive = otlpReceiver({
      async add(_, last) {
        said.push(last);
      },
    });
    await Promise.all([1, 2, 3].map((traces) => receive(requestOf(spanBody("protobuf", madeSpans(traces))))));
    expect(said).toEqual([false, false, true]);
  });

  it("refuses a body that is longer than was declared", async () => {
    const { bytes } = spanBody("protobuf", madeSpans(1));
    const response = await otlpReceiver(new Kept())(
      post(bytes, { ...PROTOBUF_TYPE, "content-length": "100" }),
    );
    expect(response.status).toBe(400);
  });

  it("takes gzip, and answers in the encoding of the request", async () => {
    const receive = otlpReceiver(new Kept());
    const { bytes } = spanBody("protobuf", madeSpans(1));
    const response = await receive(post(packed(bytes), { ...PROTOBUF_TYPE, "content-encoding": "gzip" }));
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/x-protobuf"]);
  });

  it.each([
    ["another method", new Request("http://x/v1/traces"), 405],
    ["another path", post("{}", JSON_TYPE, "/v1/profiles"), 404],
    ["another type", post("{}", { "content-type": "text/plain" }), 415],
    ["another encoding", post("{}", { ...JSON_TYPE, "content-encoding": "br" }), 415],
    ["two encodings", post("{}", { ...JSON_TYPE, "content-encoding": "gzip, gzip" }), 415],
    ["what is not gzip", post("{}", { ...JSON_TYPE, "content-encoding": "gzip" }), 400],
    [
      "half of a gzip",
      post(packed("{}".repeat(9)).subarray(0, 15), { ...JSON_TYPE, "content-encoding": "gzip" }),
      400,
    ],
    ["what is not JSON", post("{", JSON_TYPE), 400],
    ["a list", post("[]", JSON_TYPE), 400],
    ["what is nested too deep", post(`{"a":${"[".repeat(100_000)}`, JSON_TYPE), 400],
    ["what is not protobuf", post(new Uint8Array([0x0a, 0xff, 0xff]), PROTOBUF_TYPE), 400],
  ])("refuses %s with a status of google.rpc", async (_, request, status) => {
    const response = await otlpReceiver(new Kept())(request);
    expect(response.status).toBe(status);
    if (response.headers.get("content-type") === "application/json")
      expect(await response.json()).toEqual({ code: expect.any(Number), message: expect.any(String) });
  });

  it("says how many spans it has not kept, and why", async () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: "no ids" }, { traceId: "zz" }] }] }] };
    const response = await otlpReceiver(new Kept())(post(JSON.stringify(body), JSON_TYPE));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      partialSuccess: { rejectedSpans: "2", errorMessage: "2 without a trace id, span id or start" },
    });
  });

  it("refuses a gzip bomb in less than 200 ms", async () => {
    const bomb = packed(Buffer.alloc(256 * 2 ** 20));
    const receive = otlpReceiver(new Kept());
    const from = performance.now();
    const response = await receive(post(bomb, { ...JSON_TYPE, "content-encoding": "gzip" }));
    expect(response.status).toBe(413);
    // A single run on a busy machine may be slow: the bench of the whole is in the fault tests.
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  it("refuses a body without a length that does not end, as soon as it is too large", async () => {
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const request = new Request("http://x/v1/traces", {
      method: "POST",
      headers: PROTOBUF_TYPE,
      body: endless,
      duplex: "half",
    } as RequestInit);
    const response = await otlpReceiver(new Kept(), { maxBodyBytes: 1_048_576 })(request);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(2 * 1_048_576);
  });

  it("asks those beyond its limit to come again", async () => {
    const receive = otlpReceiver(never, { maxConcurrent: 2, retryAfterSeconds: 7 });
    const send = () => receive(requestOf(spanBody("json", madeSpans(1))));
    void send();
    void send();
    const response = await send();
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "7"]);
  });

  it("asks to come again while the store fails, and says nothing of why", async () => {
    const failing = { add: () => Promise.reject(new Error("secret path")) };
    const response = await otlpReceiver(failing)(requestOf(spanBody("json", madeSpans(1))));
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain("secret");
  });

  it.each(["protobuf", "json"] as const)(
    "cuts what is too much of a span, and marks it: %s",
    async (encoding) => {
      const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`a${i}`, i]));
      const kept = new Kept();
      const spans = madeSpans(1, { long: "é".repeat(5_000), ...many });
      // The SDK has a limit of its own; without it a span may have any number.
      Object.assign(spans.at(-1)?.attributes ?? {}, many);
      await otlpReceiver(kept)(requestOf(spanBody(encoding, spans)));
      const attributes = kept.batches[0]?.spans?.at(-1)?.attributes ?? {};
      expect(Object.keys(attributes)).toHaveLength(129);
      expect(attributes["agents.receiver.dropped"]).toBe(203 - 128);
      expect(String(attributes["long"])).toMatch(/^é+…$/);
      expect(String(attributes["long"]).length).toBeLessThanOrEqual(4_096);
    },
  );

  it("leaves prototypes alone", async () => {
    const kept = new Kept();
    const value = { kvlistValue: { values: [{ key: "__proto__", value: { intValue: "1" } }] } };
    const attributes = [
      { key: "__proto__", value },
      { key: "constructor", value },
    ];
    const span = { traceId: "1".repeat(32), spanId: "2".repeat(16), startTimeUnixNano: "1", attributes };
    const body = { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }] };
    await otlpReceiver(kept)(post(JSON.stringify(body), JSON_TYPE));
    const got = kept.batches[0]?.spans?.[0]?.attributes ?? {};
    expect(Object.getPrototypeOf(got)).toBe(Object.prototype);
    expect(Object.keys(got)).toEqual(["constructor"]);
  });

  it.each([{ maxBodyBytes: 0 }, { maxConcurrent: 0.5 }, { retryAfterSeconds: 0 }])(
    "refuses options %j",
    (options) => {
      expect(() => otlpReceiver(never, options)).toThrow(RangeError);
    },
  );
});
