import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { otlpSink } from "../../pipeline/fixtures/otlp-sink.ts";
import type { HostHandles } from "../programs/host-handles.ts";
import { RECEIVERS, type ReceiverName } from "./receivers.ts";

const program = fileURLToPath(new URL("../programs/host-handles.ts", import.meta.url));

async function run(url: string, ...args: string[]): Promise<string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OTEL_|AGENT_OTEL_|NODE_|VITEST)/.test(name),
  );
  const env = {
    ...Object.fromEntries(kept),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    AGENT_OTEL_LOG: "none",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--unhandled-rejections=strict", program, ...args],
    { env },
  );
  return stdout;
}

const receivers: readonly ReceiverName[] = [
  "takes all",
  "refuses connections",
  "takes a request and never answers",
  "resets connections at once",
];

describe.each(receivers)("with a receiver that %s", (name) => {
  let left: HostHandles;
  beforeAll(async () => {
    await using receiver = await RECEIVERS[name]();
    left = JSON.parse(await run(receiver.url)) as HostHandles;
  }, 60_000);

  it("twenty exporters that were stopped leave neither timer nor socket", () => {
    expect(left.afterExporters).toEqual(left.before);
  });

  it("a shutdown leaves neither timer nor socket", () => {
    expect(left.afterShutdown).toEqual(left.before);
  });

  it("a shutdown leaves no listener on the process", () => {
    expect(left.listenersLeft).toBe(0);
  });

  it("start() called twenty times starts once", () => {
    expect(left.oneHandle).toBe(true);
  });

  it("a shutdown that was done is not done again", () => {
    expect(left.repeatedMs).toBeLessThan(100);
  });
});

it("a shutdown sends the spans where a metric reader of the user rejects", { timeout: 60_000 }, async () => {
  await using sink = await otlpSink();
  await run(sink.url, "rejecting");
  expect(sink.requests.map(({ path }) => path)).toContain("/v1/traces");
});
