import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, it } from "vitest";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import type { TelemetryBatch } from "../../../src/server/telemetry-store/telemetry-batch.ts";

const START = 1_790_000_000_000_000_000n;
const DAY = 86_400_000_000_000n;
const LAST = BigInt(Number.MAX_SAFE_INTEGER) * 1_000n;
const ENCODINGS = ["json", "protobuf"] as const;
type Encoding = (typeof ENCODINGS)[number];

interface Times {
  readonly start: bigint;
  readonly end?: bigint;
  readonly event?: bigint;
  readonly text?: string;
}

async function sent(path: string, encoding: Encoding, body: string | Uint8Array<ArrayBuffer>) {
  const batches: TelemetryBatch[] = [];
  const add = async (batch: TelemetryBatch): Promise<void> => {
    batches.push(batch);
  };
  const type = encoding === "json" ? "application/json" : "application/x-protobuf";
  const request = new Request(`http://x${path}`, { method: "POST", headers: { "content-type": type }, body });
  return { response: await otlpReceiver({ add })(request), batch: batches[0] };
}

/** A list in a list in a list, as all three signals have. */
function nested(item: BinaryWriter): Uint8Array<ArrayBuffer> {
  const scope = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(item.finish()).finish();
  const resource = new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(scope).finish();
  return new Uint8Array(new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(resource).finish());
}

function spanBody(encoding: Encoding, { start, end = start + 1_000n, event = start, text = "a" }: Times) {
  if (encoding === "json")
    return JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: [
                {
                  traceId: "1".repeat(32),
                  spanId: "2".repeat(16),
                  name: text,
                  startTimeUnixNano: String(start),
                  endTimeUnixNano: String(end),
                  attributes: [{ key: "k", value: { stringValue: text } }],
                  events: [{ name: text, timeUnixNano: String(event) }],
                },
              ],
            },
          ],
        },
      ],
    });
  const writer = new BinaryWriter();
  const value = new BinaryWriter().tag(1, WireType.LengthDelimited).string(text).finish();
  writer.tag(1, WireType.LengthDelimited).bytes(new Uint8Array(16).fill(0x11));
  writer.tag(2, WireType.LengthDelimited).bytes(new Uint8Array(8).fill(0x22));
  writer.tag(5, WireType.LengthDelimited).string(text);
  writer.tag(7, WireType.Bit64).fixed64(start);
  writer.tag(8, WireType.Bit64).fixed64(end);
  writer.tag(9, WireType.LengthDelimited).fork().tag(1, WireType.LengthDelimited).string("k");
  writer.tag(2, WireType.LengthDelimited).bytes(value).join();
  writer.tag(11, WireType.LengthDelimited).fork().tag(1, WireType.Bit64).fixed64(event);
  writer.tag(2, WireType.LengthDelimited).string(text).join();
  return nested(writer);
}

describe.each(ENCODINGS)("times and texts that cannot be kept as they are, as %s", (encoding) => {
  const span = async (times: Times) => sent("/v1/traces", encoding, spanBody(encoding, times));

  it.each([LAST + 1n, 2n ** 63n - 1n, 2n ** 64n - 1n])(
    "a span that starts at %s is rejected",
    async (start) => {
      const { response, batch } = await span({ start, end: start });
      expect([response.status, batch?.spans]).toEqual([200, []]);
      if (encoding === "json")
        expect(await response.json()).toMatchObject({ partialSuccess: { rejectedSpans: "1" } });
    },
  );

  it.each([
    [START + 30n * DAY, START + 30n * DAY],
    [START + 30n * DAY + 1n, undefined],
    [LAST + 1n, undefined],
    [2n ** 63n - 1n, undefined],
  ])("an end at %s is kept as %s", async (end, kept) => {
    const { batch } = await span({ start: START, end });
    expect(batch?.spans?.[0]?.endNs).toBe(kept);
  });

  it.each([0n, LAST + 1n, 2n ** 64n - 1n])("an event at %s happened when its span began", async (event) => {
    const { batch } = await span({ start: START, event });
    expect(batch?.spans?.[0]?.events[0]?.timeNs).toBe(START);
  });

  it("a line and a point from beyond 2255 are kept, with a time that can be read", async () => {
    const time = 2n ** 64n - 1n;
    const log = new BinaryWriter().tag(1, WireType.Bit64).fixed64(time);
    const point = new BinaryWriter().tag(3, WireType.Bit64).fixed64(time).finish();
    const gauge = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(point).finish();
    const metric = new BinaryWriter().tag(5, WireType.LengthDelimited).bytes(gauge);
    const timed = { timeUnixNano: String(time) };
    const json = {
      logs: { resourceLogs: [{ scopeLogs: [{ logRecords: [timed] }] }] },
      metrics: { resourceMetrics: [{ scopeMetrics: [{ metrics: [{ gauge: { dataPoints: [timed] } }] }] }] },
    };
    const body = (signal: "logs" | "metrics", item: BinaryWriter) =>
      encoding === "json" ? JSON.stringify(json[signal]) : nested(item);
    const { batch: logs } = await sent("/v1/logs", encoding, body("logs", log));
    const { batch: points } = await sent("/v1/metrics", encoding, body("metrics", metric));
    expect(logs?.logs?.[0]?.timeNs).toBe(LAST);
    expect(points?.points?.[0]?.timeMs).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER / 1e3);
  });

  it("a NUL becomes the same character in names and in values", async () => {
    const { batch } = await span({ start: START, text: "a\0b" });
    const kept = batch?.spans?.[0];
    expect([kept?.name, kept?.attributes["k"], kept?.events[0]?.name]).toEqual(Array(3).fill("a\uFFFDb"));
  });
});

describe("JSON bodies", () => {
  it("half of a character becomes the same character in names and in values", async () => {
    const { batch } = await sent("/v1/traces", "json", spanBody("json", { start: START, text: "a\ud800" }));
    const kept = batch?.spans?.[0];
    expect([kept?.name, kept?.attributes["k"]]).toEqual(["a\uFFFD", "a\uFFFD"]);
  });

  it.each(["{},", "[],", "1,"])("with millions of %s are refused before they are parsed", async (part) => {
    const body = `{"resourceSpans":[${part.repeat(2_000_000)}{}]}`;
    const from = performance.now();
    const { response } = await sent("/v1/traces", "json", body);
    expect(response.status).toBe(400);
    expect(performance.now() - from).toBeLessThan(1_000);
  });
});

describe("a JSON object with more members than any of a request has", () => {
  it("is refused", async () => {
    const members = Array.from({ length: 1_001 }, (_, i) => `"${i}":1`).join(",");
    const { response } = await sent("/v1/traces", "json", `{"resourceSpans":[],${members}}`);
    expect(response.status).toBe(400);
  });
});

describe("what the store cannot take", () => {
  it.each([
    [new RangeError("too large"), 400],
    [new Error("disk full"), 503],
  ])("is told apart: %s is %i", async (error, status) => {
    const receive = otlpReceiver({ add: () => Promise.reject(error) });
    const headers = { "content-type": "application/json" };
    const body = spanBody("json", { start: START });
    const response = await receive(new Request("http://x/v1/traces", { method: "POST", headers, body }));
    expect(response.status).toBe(status);
  });
});
