import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hostAllowList } from "../../../src/pipeline/propagation/host-allow-list.ts";
import { modelProviderTest } from "../../../src/pipeline/propagation/model-provider-hosts.ts";
import { OutgoingPolicy } from "../../../src/pipeline/propagation/outgoing-policy.ts";

const said: string[] = [];
beforeEach(() => {
  const note = (level: string) => (message: string) => void said.push(`${level}: ${message}`);
  const silent = () => {};
  diag.setLogger(
    { error: note("error"), warn: note("warn"), info: note("info"), debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
  said.length = 0;
});
afterEach(() => diag.disable());

const to = (host: string | undefined) => [{ host, port: 443 }];

describe("what was taken off", () => {
  it("is a warning, once for each model provider, when baggage is among it", () => {
    const policy = new OutgoingPolicy(hostAllowList([]));
    for (const host of ["api.openai.com", "api.anthropic.com", "api.openai.com"]) {
      policy.removed(["traceparent", "Baggage"], to(host));
    }
    expect(said).toEqual([
      "warn: agent-otel: took baggage off a request to the model provider api.openai.com. To send it there, add " +
        "api.openai.com to AGENT_OTEL_PROPAGATE_TO or to the option propagateTo",
      expect.stringContaining("the model provider api.anthropic.com"),
    ]);
  });

  it("is information, once for each host, elsewhere and where no baggage is among it", () => {
    const policy = new OutgoingPolicy(hostAllowList([]));
    policy.removed(["traceparent", "baggage"], to("a.example"));
    policy.removed(["traceparent"], to("a.example"));
    policy.removed(["traceparent"], to("api.mistral.ai"));
    expect(said).toEqual([
      "info: agent-otel: took traceparent, baggage off a request to a.example. To send it there, add a.example to " +
        "AGENT_OTEL_PROPAGATE_TO or to the option propagateTo",
      expect.stringContaining("took traceparent off a request to api.mistral.ai"),
    ]);
  });

  it("names the host that is not listed, where a request names several", () => {
    const policy = new OutgoingPolicy(hostAllowList(["a.example"]));
    policy.removed(["traceparent"], [...to("a.example"), ...to("b.example")]);
    policy.removed(["traceparent"], to(undefined));
    expect(said.map((line) => /request to (.*?)\. /.exec(line)?.[1])).toEqual([
      "b.example",
      "a host without a usable name",
    ]);
  });

  it("is bounded: after 1,000 hosts the rest is silent", () => {
    const policy = new OutgoingPolicy(hostAllowList([]));
    for (let at = 0; at < 1_500; at += 1) policy.removed(["traceparent"], to(`h${at}.example`));
    expect(said).toHaveLength(1_000);
  });
});

it("a logger that throws does not reach the request", () => {
  const fail = () => {
    throw new Error("no");
  };
  diag.setLogger(
    { error: fail, warn: fail, info: fail, debug: () => {}, verbose: () => {} },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
  const policy = new OutgoingPolicy(hostAllowList([]));
  expect(() => policy.removed(["traceparent"], to("a.example"))).not.toThrow();
});

describe("a model provider", () => {
  it.each([
    "api.openai.com",
    "api.anthropic.com",
    "my.openai.azure.com",
    "bedrock-runtime.eu-west-1.amazonaws.com",
    "europe-west1-aiplatform.googleapis.com",
    "generativelanguage.googleapis.com",
  ])("is known: %s", (host) => {
    expect(modelProviderTest()(host)).toBe(true);
  });

  it.each(["localhost", "127.0.0.1", "openai.com", "api.openai.com.evil.example", "s3.amazonaws.com"])(
    "is not %s",
    (host) => {
      expect(modelProviderTest()(host)).toBe(false);
    },
  );
});

describe("what a request must not have", () => {
  const namesLeft = (policy: OutgoingPolicy, host: string) =>
    ["traceparent", "baggage"].filter((name) => policy.unwanted(to(host))?.(name) !== true);

  it("is all of it to a host that is not listed, and nothing to one that is", () => {
    const policy = new OutgoingPolicy(hostAllowList(["a.example"]), { sendsSession: true });
    expect(namesLeft(policy, "b.example")).toEqual([]);
    expect(namesLeft(policy, "a.example")).toEqual(["traceparent", "baggage"]);
  });

  it("is baggage to a provider of models while sessions are sent, though every host is listed, and said once", () => {
    const policy = new OutgoingPolicy(hostAllowList(["*"]), { sendsSession: true });
    expect(namesLeft(policy, "api.openai.com")).toEqual(["traceparent"]);
    expect(namesLeft(new OutgoingPolicy(hostAllowList(["*"])), "api.openai.com")).toHaveLength(2);
    for (let i = 0; i < 2; i++) policy.removed(["baggage"], to("api.openai.com"));
    expect(said).toEqual([
      expect.stringMatching(
        /^info: .* took baggage off a request to api\.openai\.com\. With propagateSession/,
      ),
    ]);
  });
});
