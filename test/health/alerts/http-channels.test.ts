import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { Alert } from "../../../src/health/alerts/alert.ts";
import { alerts } from "../../../src/health/alerts/alerts.ts";
import { consoleChannel } from "../../../src/health/alerts/channels/console-channel.ts";
import { pagerDutyChannel } from "../../../src/health/alerts/channels/pager-duty-channel.ts";
import { slackChannel } from "../../../src/health/alerts/channels/slack-channel.ts";
import { verifyWebhook } from "../../../src/health/alerts/channels/verify-webhook.ts";
import { webhookChannel } from "../../../src/health/alerts/channels/webhook-channel.ts";
import { captureDiag } from "./capture-diag.ts";
import { request, TRACE, watch } from "./fixture.ts";

const ALERT: Alert = {
  key: "error:researcher",
  state: "firing",
  rule: "error",
  subject: "researcher",
  severity: "error",
  summary: "researcher failed: <!channel> & more",
  since: new Date(Date.UTC(2026, 10, 22)),
  at: new Date(Date.UTC(2026, 10, 22, 1)),
  count: 2,
  facts: { error_type: "E" },
  traceId: TRACE,
  service: "shop",
};
const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes ...").toString("base64")}`;
const ROUTING_KEY = "0123456789abcdef0123456789ABCDEF";

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("channels over HTTP", () => {
  let server: Server;
  let url: string;
  let received: Received[] = [];
  let answer: { status: number; headers?: Record<string, string> } = { status: 200 };
  beforeAll(async () => {
    server = createServer(async (incoming, response) => {
      let body = "";
      for await (const chunk of incoming) body += chunk;
      received.push({ headers: incoming.headers, body });
      response.writeHead(answer.status, answer.headers).end("a body that nobody reads");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/T0KEN`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    received = [];
    answer = { status: 200 };
  });
  const { signal } = new AbortController();
  const webhook = (changes = {}) => webhookChannel({ url, secret: SECRET, allowLocalHttp: true, ...changes });

  it("sign a webhook so that any library of Standard Webhooks, and ours, takes it", async () => {
    expect(await webhook().send(ALERT, signal)).toEqual({ kind: "sent" });
    const [{ headers, body }] = received as [Received];
    const data = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(data).toEqual({
      type: "alert.firing",
      timestamp: "2026-11-22T01:00:00.000Z",
      data: {
        key: "error:researcher",
        state: "firing",
        rule: "error",
        subject: "researcher",
        severity: "error",
        summary: ALERT.summary,
        since: "2026-11-22T00:00:00.000Z",
        at: "2026-11-22T01:00:00.000Z",
        count: 2,
        facts: { error_type: "E" },
        service: "shop",
        trace_id: TRACE,
      },
    });
    expect(verifyWebhook({ headers, body }, { secret: SECRET })).toBe(true);
    expect(
      verifyWebhook({ headers: new Headers(headers as Record<string, string>), body }, { secret: SECRET }),
    ).toBe(true);
  });

  it("sign it so that no other body, time, id, secret or age is taken", async () => {
    await webhook().send(ALERT, signal);
    const [{ headers, body }] = received as [Received];
    const nowMs = Number(headers["webhook-timestamp"]) * 1_000;
    const check = (changes: object, more: object = {}, text = body) =>
      verifyWebhook({ headers: { ...headers, ...changes }, body: text }, { secret: SECRET, nowMs, ...more });
    expect(check({})).toBe(true);
    expect(check({}, {}, `${body} `)).toBe(false);
    expect(check({ "webhook-timestamp": String(nowMs / 1_000 + 1) })).toBe(false);
    expect(check({ "webhook-id": "msg_other" })).toBe(false);
    expect(check({}, { secret: "another secret of many bytes" })).toBe(false);
    expect(check({}, { nowMs: nowMs + 300_001 })).toBe(false);
    expect(check({}, { nowMs: nowMs - 300_001 })).toBe(false);
    for (const bad of [undefined, "", "v1,", "v2,abc", "nonsense", "x".repeat(10_000)])
      expect(check({ "webhook-signature": bad })).toBe(false);
    for (const bad of [undefined, "", "NaN", "-1", "1e9"])
      expect(check({ "webhook-timestamp": bad })).toBe(false);
  });

  it("keep the id of a webhook that is sent again, so that it is known for the same", async () => {
    const channel = webhook();
    answer = { status: 503 };
    expect(await channel.send(ALERT, signal)).toEqual({ kind: "again", afterMs: undefined });
    answer = { status: 429, headers: { "retry-after": "7" } };
    expect(await channel.send(ALERT, signal)).toEqual({ kind: "again", afterMs: 7_000 });
    await channel.send({ ...ALERT }, signal);
    const ids = received.map(({ headers }) => headers["webhook-id"]);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it("write what Slack takes, in which no name can mention anybody", async () => {
    await slackChannel({ url, allowLocalHttp: true }).send(ALERT, signal);
    await slackChannel({ url, allowLocalHttp: true }).send({ ...ALERT, state: "resolved" }, signal);
    expect(received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        text: `:red_circle: researcher failed: &lt;!channel&gt; &amp; more (error, shop, seen 2 times, trace ${TRACE})`,
      },
      { text: expect.stringMatching(/^:white_check_mark: resolved: researcher failed/) },
    ]);
  });

  it("trigger and resolve one incident of PagerDuty", async () => {
    const channel = pagerDutyChannel({ url, routingKey: ROUTING_KEY, allowLocalHttp: true });
    answer = { status: 202 };
    expect(await channel.send(ALERT, signal)).toEqual({ kind: "sent" });
    await channel.send({ ...ALERT, state: "resolved" }, signal);
    expect(received.map(({ body }) => JSON.parse(body))).toEqual([
      {
        routing_key: ROUTING_KEY,
        event_action: "trigger",
        dedup_key: "agent-otel:shop:error:researcher",
        client: "agent-otel",
        payload: {
          summary: ALERT.summary,
          source: "shop",
          severity: "error",
          timestamp: "2026-11-22T01:00:00.000Z",
          component: "researcher",
          class: "error",
          custom_details: { error_type: "E", count: 2, trace_id: TRACE },
        },
      },
      { routing_key: ROUTING_KEY, event_action: "resolve", dedup_key: "agent-otel:shop:error:researcher" },
    ]);
    await channel.send({ ...ALERT, key: "k".repeat(1_000) }, signal);
    expect(JSON.parse(received[2]!.body).dedup_key.length).toBeLessThanOrEqual(255);
  });

  it("tell nobody a URL, a secret or a key: not in errors of options, not in diagnostics", async () => {
    const diag = captureDiag();
    answer = { status: 403 };
    expect(await webhook().send(ALERT, signal)).toEqual({ kind: "refused" });
    const down = webhook({ url: "http://127.0.0.1:1/T0KEN", timeoutMs: 200 });
    expect(await down.send(ALERT, signal)).toEqual({ kind: "again" });
    const inside = webhookChannel({
      url: "https://hooks.example/T0KEN",
      secret: SECRET,
      resolve: async () => ["10.0.0.1"],
    });
    expect(await inside.send(ALERT, signal)).toEqual({ kind: "refused" });
    const errors = [
      () => webhookChannel({ url: "http://hooks.example/T0KEN", secret: SECRET }),
      () => webhookChannel({ url, secret: "T0KEN", allowLocalHttp: true }),
      () => slackChannel({ url: "https://192.168.0.1/T0KEN" }),
      () => pagerDutyChannel({ routingKey: "T0KEN" }),
    ].map((make) => {
      try {
        make();
        return "nothing";
      } catch (error) {
        return String(error);
      }
    });
    expect(errors).toEqual([
      "TypeError: webhookChannel: url must begin with https://",
      "RangeError: webhookChannel: secret must have at least 16 bytes, got 5",
      "TypeError: slackChannel: url must go to a public address, and not to one of this machine or its network",
      "TypeError: pagerDutyChannel: routingKey must be 32 letters and digits",
    ]);
    expect(diag.join("\n")).toContain('the alert channel "webhook" answered 403');
    expect(diag.join("\n")).not.toContain("T0KEN");
  });

  it("bring an alert from a failed request to its receiver, before close is over", async () => {
    const watching = alerts({ channels: [webhook(), slackChannel({ url, allowLocalHttp: true })] });
    onTestFinished(() => watching.close());
    const { callLog } = await import("../../../src/agent/call-log.ts");
    callLog.publish(request({ errorType: "TimeoutError" }));
    await watching.close();
    expect(received).toHaveLength(2);
  });
});

describe("the console", () => {
  it("has one line for each alert, without control characters", async () => {
    const lines: string[] = [];
    const channel = consoleChannel({ write: (line) => lines.push(line) });
    await channel.send({ ...ALERT, summary: "a\u001b[31m\nb\u202ec" }, new AbortController().signal);
    await channel.send(
      { ...ALERT, state: "resolved", count: 1, traceId: undefined },
      new AbortController().signal,
    );
    expect(lines).toEqual([
      `agent-otel: 2026-11-22T01:00:00.000Z ALERT error error: a [31m b c (seen 2 times) trace ${TRACE}`,
      "agent-otel: 2026-11-22T01:00:00.000Z resolved error: researcher failed: <!channel> & more",
    ]);
  });

  it("is where alerts go that were given no channel", () => {
    expect(() => watch({ channels: [consoleChannel({ write: () => {} })] })).not.toThrow();
  });
});
