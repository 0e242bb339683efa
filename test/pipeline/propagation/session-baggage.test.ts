import { propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import { W3CBaggagePropagator } from "@opentelemetry/core";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { activeScopeIn, scopeContext } from "../../../src/agent/active-scope.ts";
import { Scope } from "../../../src/agent/scope.ts";
import { incomingPropagator } from "../../../src/pipeline/propagation/incoming-propagator.ts";
import type { SessionField } from "../../../src/pipeline/propagation/session-fields.ts";
import { readPropagateSession } from "../../../src/pipeline/propagation/session-fields.ts";
import { startTracing } from "./support/tracing.ts";

let stop = (): void => {};
beforeEach(() => {
  const recorder = startTracing();
  stop = () => recorder.stop();
});
afterEach(() => stop());

const ALL: readonly SessionField[] = ["conversation", "user", "tags"];
const GETTER = {
  keys: (carrier: object) => Object.keys(carrier),
  get: (carrier: Readonly<Record<string, string>>, key: string) => carrier[key],
};
const SETTER = {
  set: (carrier: Record<string, string>, key: string, value: string) => {
    carrier[key] = value;
  },
};

function sent(scope: Scope, fields = ALL, baggage?: string): string | undefined {
  const propagator = incomingPropagator({ propagator: new W3CBaggagePropagator(), propagateSession: fields });
  const carrier: Record<string, string> = {};
  const around =
    baggage === undefined
      ? ROOT_CONTEXT
      : new W3CBaggagePropagator().extract(ROOT_CONTEXT, { baggage }, GETTER);
  propagator.inject(scopeContext(around, scope, undefined), carrier, SETTER);
  return carrier.baggage;
}

function received(baggage: string | undefined): Scope | undefined {
  const propagator = incomingPropagator({ trustIncoming: true });
  return activeScopeIn(propagator.extract(ROOT_CONTEXT, baggage === undefined ? {} : { baggage }, GETTER));
}

const text = (maxLength: number) => fc.string({ minLength: 1, maxLength, unit: "binary" });

describe("a session as baggage", () => {
  it("arrives as it was sent, or not at all", () => {
    fc.assert(
      fc.property(
        text(256),
        text(256),
        fc.uniqueArray(text(64), { minLength: 1, maxLength: 16 }),
        (conversation, user, tags) => {
          const scope = received(sent(Scope.session(undefined, conversation, { user, tags })));
          expect([conversation.toWellFormed(), undefined]).toContain(scope?.conversation);
          expect([user.toWellFormed(), undefined]).toContain(scope?.session?.user);
          const got = scope?.session?.tags;
          if (got !== undefined) expect(got).toEqual([...new Set(tags.map((tag) => tag.toWellFormed()))]);
        },
      ),
    );
  });

  it("has plain ids of the longest length in full", () => {
    const scope = Scope.session(undefined, "c".repeat(256), {
      user: "u".repeat(256),
      tags: ["t".repeat(64)],
    });
    expect(received(sent(scope))).toMatchObject({ conversation: scope.conversation, session: scope.session });
  });

  it("leaves the program's own members as they are", () => {
    const scope = Scope.session(undefined, "c-1", undefined);
    expect(sent(scope, ALL, "tenant=t-1")).toBe("tenant=t-1,agents.conversation.id=c-1");
    expect(sent(scope, [], "tenant=t-1")).toBe("tenant=t-1");
  });

  it("does not go on from a service that has not opted in", () => {
    const scope = Scope.session(undefined, undefined, { user: "u-1", tags: undefined });
    expect(sent(scope, [], "agents.user.id=u-1,tenant=t-1")).toBe("tenant=t-1");
    expect(sent(scope, ["conversation"], "agents.user.id=u-1")).toBeUndefined();
  });

  it.each([
    `agents.user.id=${"x".repeat(257)}`,
    "agents.user.id=",
    "agents.session.tags=%25%25%25,agents.conversation.id=",
    `agents.session.tags=${"a%2C".repeat(1_000)}`,
    "tenant=t-1",
    "=;=,,",
  ])("of an odd caller is nothing: %s", (baggage) => {
    const scope = received(baggage);
    expect([scope?.conversation, scope?.session?.user]).toEqual([undefined, undefined]);
    for (const tag of scope?.session?.tags ?? []) expect(tag.length).toBeLessThan(65);
  });

  it("is bounded in tags, whatever a caller sends", () => {
    const tags = Array.from({ length: 100 }, (_, i) => `t${i}`).join("%2C");
    expect(received(`agents.session.tags=${tags}`)?.session?.tags).toHaveLength(16);
  });

  it("is not written where a propagator of baggage is missing", () => {
    const carrier: Record<string, string> = {};
    const none = { inject() {}, extract: <C>(context: C) => context, fields: () => [] };
    const scope = Scope.session(undefined, "c-1", undefined);
    incomingPropagator({ propagator: none as never, propagateSession: ALL }).inject(
      scopeContext(ROOT_CONTEXT, scope, undefined),
      carrier,
      SETTER,
    );
    expect(carrier).toEqual({});
    expect(propagation.getBaggage(ROOT_CONTEXT)).toBeUndefined();
  });
});

describe("propagateSession", () => {
  it("is read from the option, else from the environment", () => {
    const env = { AGENT_OTEL_PROPAGATE_SESSION: "tags, conversation" };
    expect(readPropagateSession({})).toEqual([]);
    expect(readPropagateSession(env)).toEqual(["conversation", "tags"]);
    expect(readPropagateSession(env, { propagateSession: ["user"] })).toEqual(["user"]);
  });

  it("refuses what is no field of a session, by its name", () => {
    expect(() => readPropagateSession({ AGENT_OTEL_PROPAGATE_SESSION: "email" })).toThrow(
      'AGENT_OTEL_PROPAGATE_SESSION must name conversation, user, tags, got "email"',
    );
    expect(() => readPropagateSession({}, { propagateSession: "user" as never })).toThrow(
      'start: propagateSession must be an array, got "user"',
    );
  });
});
