import { trace } from "@opentelemetry/api";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { CircuitOpenError } from "../../../src/errors/circuit-open-error.ts";
import { LedgerWriteError } from "../../../src/errors/ledger-write-error.ts";
import { serviceTiers } from "../../../src/resilience/tiers/service-tiers.ts";
import type { ServiceTiersOptions } from "../../../src/resilience/tiers/service-tiers-options.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock, SpanRecorder } from "../../../src/testing/index.ts";
import { settled } from "../../pipeline/durable-span-exporter/support.ts";

const boom = new Error("boom");
const SORRY = "We are experiencing technical difficulties.";

type Options = ServiceTiersOptions<[question: string, signal?: AbortSignal], string, string>;

/** A service whose tiers say their name, but for those that are broken. */
function setUp(options: Partial<Options> = {}) {
  const clock = new ManualClock();
  const broken = new Map<string, unknown>();
  const asked: string[] = [];
  const tier = (name: string) => async (question: string) => {
    asked.push(name);
    if (broken.has(name)) throw broken.get(name);
    return `${name}: ${question}`;
  };
  const service = serviceTiers({
    name: "support",
    premium: tier("premium"),
    standard: tier("standard"),
    basic: tier("basic"),
    emergency: SORRY,
    cache: { maxAgeMs: 10_000, maxEntries: 100 },
    recoverAfterMs: 1_000,
    clock,
    ...options,
  });
  return { service, clock, broken, asked };
}

describe("service tiers", () => {
  it("answer from premium, and say so", async () => {
    expect(await setUp().service.call("hello")).toEqual({ value: "premium: hello", tier: "premium" });
  });

  it("answer from standard where premium fails", async () => {
    const { service, broken } = setUp();
    broken.set("premium", boom);
    expect(await service.call("hello")).toEqual({ value: "standard: hello", tier: "standard" });
  });

  it("leave a tier that failed", async () => {
    const { service, broken, asked } = setUp();
    broken.set("premium", boom);
    await service.call("hello");
    await service.call("hello");
    expect(asked).toEqual(["premium", "standard", "standard"]);
    expect(service.tier).toBe("standard");
  });

  it("answer from basic where standard fails as well", async () => {
    const { service, broken } = setUp();
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: "basic: hello", tier: "basic" });
  });

  it("answer with what premium said to the same question before, without asking basic", async () => {
    const { service, broken, asked } = setUp();
    await service.call("hello");
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: "premium: hello", tier: "basic" });
    expect(asked).not.toContain("basic");
  });

  it("do not answer with what is too old", async () => {
    const { service, broken, clock } = setUp();
    await service.call("hello");
    clock.advance(10_001);
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: "basic: hello", tier: "basic" });
  });

  it("keep only what premium said", async () => {
    const { service, broken } = setUp({ basic: () => Promise.reject(boom) });
    broken.set("premium", boom);
    await service.call("hello");
    broken.set("standard", boom);
    expect(await service.call("hello")).toMatchObject({ tier: "emergency" });
  });

  it("find the same answer whether or not the caller gives a signal", async () => {
    const { service, broken } = setUp();
    await service.call("hello", new AbortController().signal);
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    expect(await service.call("hello")).toMatchObject({ value: "premium: hello" });
  });

  it("have an answer in an emergency", async () => {
    const { service, broken } = setUp();
    for (const tier of ["premium", "standard", "basic"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: SORRY, tier: "emergency" });
  });

  it("answer an emergency with what a function makes of the question", async () => {
    const { service, broken } = setUp({ emergency: async (question) => `later: ${question}` });
    for (const tier of ["premium", "standard", "basic"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: "later: hello", tier: "emergency" });
  });

  it("do not fail even where the function for emergencies does", async () => {
    const emergency = (): never => {
      throw boom;
    };
    const { service, broken } = setUp({ emergency });
    for (const tier of ["premium", "standard", "basic"]) broken.set(tier, boom);
    expect(await service.call("hello")).toEqual({ value: undefined, tier: "emergency" });
  });

  it("ask basic about the next question although it had no answer to the one before", async () => {
    const rules = (question: string): string => {
      if (question === "hello") return "Hello! How can I help you today?";
      throw new Error("no rule for this question");
    };
    const { service, broken } = setUp({ basic: rules });
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    expect(await service.call("what is machine learning?")).toMatchObject({ tier: "emergency" });
    expect(await service.call("hello")).toMatchObject({ tier: "basic" });
  });

  it("work with premium and an emergency alone", async () => {
    const clock = new ManualClock();
    let fails = true;
    const premium = async (question: string) => {
      if (fails) throw boom;
      return question;
    };
    const service = serviceTiers({ name: "two", premium, emergency: SORRY, recoverAfterMs: 1_000, clock });
    expect(await service.call("hello")).toEqual({ value: SORRY, tier: "emergency" });
    expect(service.tier).toBe("emergency");
    fails = false;
    clock.advance(1_000);
    expect(await service.call("hello")).toEqual({ value: "hello", tier: "premium" });
    expect(service.tier).toBe("premium");
  });

  it("pass a tier by that others have found broken in the meantime", async () => {
    const slow = Promise.withResolvers<never>();
    const answers: Promise<string>[] = [slow.promise, Promise.reject(boom)];
    let standardAsked = 0;
    const { service } = setUp({
      premium: () => answers.shift() ?? "well",
      standard: () => {
        standardAsked += 1;
        throw boom;
      },
    });
    const first = service.call("first");
    expect(await service.call("second")).toMatchObject({ tier: "basic" });
    slow.reject(boom);
    expect(await first).toMatchObject({ tier: "basic" });
    expect(standardAsked).toBe(1);
  });

  it("keep the types of question and answer", () => {
    const service = serviceTiers({
      name: "typed",
      premium: async (question: string, depth: number) => ({ text: question.repeat(depth) }),
      emergency: "sorry",
    });
    expectTypeOf(service.call).parameters.toEqualTypeOf<[question: string, depth: number]>();
    expectTypeOf<Awaited<ReturnType<typeof service.call>>["value"]>().toEqualTypeOf<
      { text: string } | string
    >();
  });
});

describe("service tiers that recover", () => {
  it("go back to premium by a trial call after a while", async () => {
    const { service, broken, clock } = setUp();
    broken.set("premium", boom);
    await service.call("hello");
    broken.clear();
    clock.advance(999);
    expect(await service.call("hello")).toMatchObject({ tier: "standard" });
    clock.advance(1);
    expect(await service.call("hello")).toMatchObject({ tier: "premium" });
    expect(service.tier).toBe("premium");
  });

  it("go up one tier at a time", async () => {
    const { service, broken, clock } = setUp();
    for (const tier of ["premium", "standard"]) broken.set(tier, boom);
    await service.call("hello");
    broken.clear();
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      clock.advance(1_000);
      seen.push((await service.call("hello")).tier);
    }
    expect(seen).toEqual(["standard", "premium", "premium"]);
  });

  it("try a broken tier with one call, of 1,000 at once", async () => {
    const { service, broken, clock, asked } = setUp();
    broken.set("premium", boom);
    await service.call("hello");
    clock.advance(1_000);
    asked.length = 0;
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => service.call("hello")));
    expect(asked.filter((tier) => tier === "premium")).toHaveLength(1);
    expect(answers.every(({ tier }) => tier === "standard")).toBe(true);
  });

  it("wait as long again after a trial call that failed", async () => {
    const { service, broken, clock, asked } = setUp();
    broken.set("premium", boom);
    await service.call("hello");
    clock.advance(1_000);
    await service.call("hello");
    clock.advance(999);
    asked.length = 0;
    await service.call("hello");
    expect(asked).toEqual(["standard"]);
  });

  it("let another call try where the trial call hangs", async () => {
    const hangs = Promise.withResolvers<string>();
    const answers = [Promise.reject(boom), hangs.promise, Promise.resolve("well again")];
    answers[0]?.catch(() => {});
    const { service, clock } = setUp({ premium: () => answers.shift() ?? boom.message });
    await service.call("hello");
    clock.advance(1_000);
    const trial = service.call("hello");
    clock.advance(1_000);
    expect(await service.call("hello")).toEqual({ value: "well again", tier: "premium" });
    hangs.resolve("at last");
    expect(await trial).toEqual({ value: "at last", tier: "premium" });
  });

  it("let the next call try where the caller of the trial call gave up", async () => {
    let hang = true;
    const { service, broken, clock } = setUp({
      premium: async (question) => {
        if (broken.has("premium")) throw boom;
        return hang ? new Promise<string>(() => {}) : question;
      },
    });
    broken.set("premium", boom);
    await service.call("hello");
    broken.clear();
    clock.advance(1_000);
    const caller = new AbortController();
    const trial = service.call("hello", caller.signal);
    await settled();
    caller.abort("enough");
    await expect(trial).rejects.toBe("enough");
    hang = false;
    expect(await service.call("hello")).toMatchObject({ tier: "premium" });
  });

  it("go back to premium by hand, at once", async () => {
    const { service, broken } = setUp();
    broken.set("premium", boom);
    await service.call("hello");
    broken.clear();
    service.recover();
    expect(service.tier).toBe("premium");
    expect(await service.call("hello")).toMatchObject({ tier: "premium" });
  });

  it("are not thrown back by the late failure of a call from before", async () => {
    const slow = Promise.withResolvers<never>();
    const answers: (Promise<string> | string)[] = [slow.promise, Promise.reject(boom), "well", "well"];
    const { service } = setUp({ premium: () => answers.shift() ?? "well" });
    const early = service.call("first");
    await service.call("second");
    service.recover();
    slow.reject(boom);
    expect(await early).toMatchObject({ tier: "standard" });
    expect(service.tier).toBe("premium");
  });
});

describe("what is no failure of a tier", () => {
  it("is a caller who gives up: the call rejects with the reason at once", async () => {
    const { service } = setUp({ premium: () => new Promise(() => {}) });
    const caller = new AbortController();
    const call = service.call("hello", caller.signal);
    await settled();
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
    expect(service.tier).toBe("premium");
  });

  it("is a call for a caller who has given up before: no tier is asked", async () => {
    const { service, asked } = setUp();
    await expect(service.call("hello", AbortSignal.abort("enough"))).rejects.toBe("enough");
    expect(asked).toEqual([]);
  });

  it("is a caller who has given up before an emergency", async () => {
    const service = serviceTiers({ name: "two", premium: () => Promise.reject(boom), emergency: SORRY });
    await service.call();
    // The function takes no signal, and the call does in any case.
    const call = service.call as (signal: AbortSignal) => Promise<unknown>;
    await expect(call.call(service, AbortSignal.abort("enough"))).rejects.toBe("enough");
  });

  it("is a caller who gives up in an emergency", async () => {
    const { service, broken } = setUp({ emergency: () => new Promise(() => {}) });
    for (const tier of ["premium", "standard", "basic"]) broken.set(tier, boom);
    const caller = new AbortController();
    const call = service.call("hello", caller.signal);
    await settled();
    caller.abort("enough");
    await expect(call).rejects.toBe("enough");
  });

  it("is a refusal of ours: it reaches the caller, and no other tier gets around it", async () => {
    const { service, broken, asked } = setUp();
    const refusal = new LedgerWriteError("refused on purpose");
    broken.set("premium", refusal);
    await expect(service.call("hello")).rejects.toBe(refusal);
    expect(service.tier).toBe("premium");
    expect(asked).toEqual(["premium"]);
  });

  it.each([400, 413, 422])(
    "is a request that is wrong (%s): only that call is answered lower",
    async (status) => {
      const { service, broken } = setUp();
      broken.set("premium", Object.assign(new Error("bad request"), { status }));
      expect(await service.call("hello")).toMatchObject({ tier: "standard" });
      expect(service.tier).toBe("premium");
    },
  );

  it.each<[string, unknown]>([
    ["an open breaker", new CircuitOpenError("model", 1_000)],
    ["a rate limit of the model", Object.assign(new Error("slow down"), { status: 429 })],
    ["an abort of the tier's own", new DOMException("gone", "AbortError")],
    ["nothing at all", undefined],
  ])("is not %s", async (_, error) => {
    const { service, broken } = setUp();
    broken.set("premium", error);
    expect(await service.call("hello")).toMatchObject({ tier: "standard" });
    expect(service.tier).toBe("standard");
  });
});

describe("the telemetry of service tiers", () => {
  it("counts calls by service and the tier that answered", async () => {
    const { service, broken } = setUp({ name: "counted" });
    await service.call("hello");
    broken.set("premium", boom);
    for (let i = 0; i < 3; i++) await service.call("hello");
    const family = metricSources.collect().find(({ name }) => name === "agents.service_tier.calls");
    const points = family?.kind === "counter" ? family.points : [];
    expect(
      points.filter(({ attributes }) => attributes["agents.service_tier.service"] === "counted"),
    ).toEqual([
      { attributes: expect.objectContaining({ "agents.service_tier.name": "premium" }), value: 1 },
      { attributes: expect.objectContaining({ "agents.service_tier.name": "standard" }), value: 3 },
    ]);
  });

  it("says a change of tiers on the active span", async () => {
    const recorder = new SpanRecorder();
    onTestFinished(() => recorder.stop());
    const { service, broken } = setUp();
    broken.set("premium", boom);
    await trace.getTracer("test").startActiveSpan("request", async (span) => {
      await service.call("hello");
      await service.call("hello");
      span.end();
    });
    expect(recorder.spans[0]?.events).toMatchObject([
      {
        name: "agents.service_tier.changed",
        attributes: { "agents.service_tier.service": "support", "agents.service_tier.name": "standard" },
      },
    ]);
  });
});

describe("the options of service tiers", () => {
  it.each<[string, Partial<Options>, string]>([
    ["name", { name: "" }, 'serviceTiers: name must not be empty, got ""'],
    ["premium", { premium: "gpt" as never }, "serviceTiers: premium must be a function, got gpt"],
    ["standard", { standard: 7 as never }, "serviceTiers: standard must be a function, got 7"],
    ["basic", { basic: null as never }, "serviceTiers: basic must be a function, got null"],
    [
      "emergency",
      { emergency: undefined as never },
      "serviceTiers: emergency must be a value or a function, got undefined",
    ],
    [
      "recoverAfterMs",
      { recoverAfterMs: 0 },
      "serviceTiers: recoverAfterMs must be a whole number >= 1, got 0",
    ],
    [
      "cache",
      { cache: { maxAgeMs: Number.NaN } },
      "serviceTiers: cache: maxAgeMs must be a whole number >= 1, got NaN",
    ],
  ])("refuse a bad %s, by name and value", (_, options, message) => {
    expect(() => setUp(options)).toThrow(message);
  });
});
