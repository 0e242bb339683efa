// Receives spans into one telemetry database until it is killed. The id of each span whose request was answered with 200 is written to a file of
// acknowledgements. Arguments: database, that file, kind: `store`, or a naive one.
import { randomBytes } from "node:crypto";
import { openSync, writeSync } from "node:fs";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import { telemetryStore } from "../../../src/server/telemetry-store/telemetry-store.ts";
import { ackFirst } from "../../naive/otlp-ack-first.ts";

const AT_A_TIME = 4;
const TRACES = 8;

if (import.meta.main) {
  const [path = "", ackFile = "", kind = "store"] = process.argv.slice(2);
  const acks = openSync(ackFile, "a");
  const store = telemetryStore({ path, groupMs: 2 });
  const receive = otlpReceiver(kind === "ack-first" ? ackFirst(store) : store);
  writeSync(1, "loaded\n");
  let said = false;
  const send = async (): Promise<void> => {
    for (;;) {
      const { body, ids } = request();
      const headers = { "content-type": "application/json" };
      const response = await receive(
        new Request("http://127.0.0.1:4318/v1/traces", { method: "POST", headers, body }),
      );
      if (response.status !== 200) throw new Error(await response.text());
      writeSync(acks, `${ids.join("\n")}\n`);
      if (!said) writeSync(1, "acknowledged\n");
      said = true;
      // Its turn for the timers, or a store that answers at once would never write.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  // What comes late, for slices that were summed up before, is part of it.
  setInterval(() => store.tidy(), 20);
  await Promise.all(Array.from({ length: AT_A_TIME }, send));
}

function request(): { readonly body: string; readonly ids: readonly string[] } {
  const ids: string[] = [];
  const spans = Array.from({ length: TRACES }, () => {
    const traceId = randomBytes(16).toString("hex");
    return Array.from({ length: 3 }, (_, i) => {
      const spanId = randomBytes(8).toString("hex");
      ids.push(`${traceId} ${spanId}`);
      return span(traceId, spanId, i);
    });
  }).flat();
  return { body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }), ids };
}

function span(traceId: string, spanId: string, i: number) {
  // Up to a minute ago, so that slices of all ages are written to.
  const endMs = Date.now() - Math.floor(Math.random() * 60_000);
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const whole = (key: string, value: number) => ({ key, value: { intValue: String(value) } });
  return {
    traceId,
    spanId,
    name: i === 0 ? "invoke_agent clerk" : "chat gpt-4o-mini",
    startTimeUnixNano: `${endMs - 1 - Math.floor(Math.random() * 500)}000000`,
    endTimeUnixNano: `${endMs}000000`,
    status: { code: Math.random() < 0.2 ? 2 : 0 },
    attributes: [
      text("gen_ai.operation.name", i === 0 ? "invoke_agent" : "chat"),
      text("gen_ai.agent.name", "clerk"),
      ...(i === 0
        ? []
        : [
            text("gen_ai.provider.name", "openai"),
            text("gen_ai.request.model", "gpt-4o-mini"),
            whole("gen_ai.usage.input_tokens", 1_000),
            whole("gen_ai.usage.output_tokens", 50),
          ]),
    ],
  };
}
