import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escalateFallback } from "../../../src/resilience/fallback/escalate-fallback.ts";
import type { EscalateFallbackOptions, Notify } from "../../../src/resilience/fallback/escalate-options.ts";
import type { Escalation } from "../../../src/resilience/fallback/incident.ts";
import { wrap } from "../../../src/resilience/wrap.ts";
import type { LedgerEntry } from "../../../src/stores/ledger/ledger.ts";
import { ManualClock } from "../../../src/testing/index.ts";
import { ManualTimers, settled } from "../../pipeline/durable-span-exporter/support.ts";
import { ask, boom, given, never, tell } from "./support.ts";

const HOUR_MS = 3_600_000;
const state = { query: "storms" };

function setUp(options: EscalateFallbackOptions & { readonly notify?: Notify } = {}) {
  const { notify = () => {}, ...rest } = options;
  const clock = new ManualClock();
  const timers = new ManualTimers();
  const told: Escalation[] = [];
  const listen: Notify = (escalation, signal) => {
    told.push(escalation);
    return notify(escalation, signal);
  };
  const escalate = escalateFallback(listen, { clock, after: timers.after, ...rest });
  return { escalate, clock, timers, told };
}

describe("an escalation", () => {
  it("tells a human, and gives the pipeline its state back with the ticket", async () => {
    const { escalate, told } = setUp();
    const validate = wrap()
      .onFailure(escalate)
      .aroundOutcome(async function validatePayment(_state: object): Promise<unknown> {
        throw boom;
      });
    const outcome = await validate(state);
    await settled();
    expect(told).toMatchObject([{ name: "validatePayment", message: "boom", error: boom, args: [state] }]);
    expect(outcome).toMatchObject({
      value: { query: "storms" },
      fallback: { kind: "escalated", ticket: told[0]?.ticket },
      error: boom,
    });
  });

  it("gives a ticket that can be read aloud", async () => {
    const answer = await ask(setUp().escalate, { args: [state] });
    expect(answer?.ticket).toMatch(/^ESC-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });

  it("hands out a copy of the state", async () => {
    const input = { notes: ["one"] };
    const answer = await ask(setUp().escalate, { args: [input] });
    given<typeof input>(answer).notes.push("two");
    expect(input).toEqual({ notes: ["one"] });
  });

  it("leaves messages in a state what they are", async () => {
    const message = new (class Message {})();
    const answer = await ask(setUp().escalate, { args: [{ messages: [message] }] });
    expect(given<{ messages: unknown[] }>(answer).messages[0]).toBe(message);
  });

  it("has no answer for other calls, and says the ticket", async () => {
    const { escalate, told } = setUp();
    const error = await ask(escalate, { args: ["question"] }).catch((error: unknown) => error);
    await settled();
    expect(error).toMatchObject({ code: "escalated", ticket: told[0]?.ticket, cause: boom });
  });

  it("says when it was, by the wall clock", async () => {
    const { escalate, clock, told } = setUp();
    await ask(escalate, { args: [state] });
    await settled();
    expect(told[0]?.atMs).toBe(clock.now());
  });

  it("says nothing secret in its message", async () => {
    const { escalate, told } = setUp();
    const key = `sk-${"a1B2".repeat(12)}`;
    await ask(escalate, { args: [state], error: new Error(`bad key ${key}`) });
    await settled();
    expect(told[0]?.message).not.toContain(key);
  });

  it("tells of 1,000 failures at once with one ticket", async () => {
    const { escalate, told } = setUp();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => ask(escalate, { args: [state] })));
    await settled();
    expect(new Set(answers.map((answer) => answer?.ticket))).toEqual(new Set([told[0]?.ticket]));
    expect(told).toHaveLength(1);
  });

  it("tells of 1,000 failures in a row with one ticket", async () => {
    const { escalate, told } = setUp();
    for (let i = 0; i < 1_000; i++) await ask(escalate, { args: [state] });
    await settled();
    expect(told).toHaveLength(1);
  });

  it("tells again when it fails after a success", async () => {
    const { escalate, told } = setUp();
    const first = await ask(escalate, { args: [state] });
    tell(escalate, state);
    const second = await ask(escalate, { args: [state] });
    await settled();
    expect(told.map(({ ticket }) => ticket)).toEqual([first?.ticket, second?.ticket]);
    expect(first?.ticket).not.toBe(second?.ticket);
  });

  it("does not end an incident with the success of another name", async () => {
    const { escalate, told } = setUp();
    await ask(escalate, { args: [state], name: "researcher" });
    tell(escalate, state, { name: "writer" });
    await ask(escalate, { args: [state], name: "researcher" });
    await settled();
    expect(told).toHaveLength(1);
  });

  it("tells once of each incident, whatever the order of failures and successes", () => {
    const event = fc.record({
      name: fc.constantFrom("a", "b", "c"),
      fails: fc.boolean(),
      settles: fc.boolean(),
    });
    return fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 80, size: "max" }), async (events) => {
        const { escalate, told } = setUp({ maxTicketsPerHour: 1_000 });
        const open = new Map<string, string | undefined>();
        let incidents = 0;
        for (const { name, fails, settles } of events) {
          if (fails) {
            const ticket = (await ask(escalate, { args: [state], name }))?.ticket;
            if (open.has(name)) expect(ticket).toBe(open.get(name));
            else incidents += 1;
            open.set(name, ticket);
          } else {
            tell(escalate, state, { name });
            open.delete(name);
          }
          if (settles) await settled();
        }
        await settled();
        expect(told).toHaveLength(incidents);
        expect(new Set(told.map(({ ticket }) => ticket)).size).toBe(incidents);
        expect(escalate.counts.incidents).toBe(incidents);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the ledger of an escalation", () => {
  function ledger(append: (entry: LedgerEntry) => Promise<undefined>) {
    const rows: LedgerEntry[] = [];
    return {
      rows,
      append: (entry: LedgerEntry): Promise<undefined> => {
        rows.push(entry);
        return append(entry);
      },
    };
  }

  it("has the row before the human is told", async () => {
    const durable = Promise.withResolvers<undefined>();
    const kept = ledger(() => durable.promise);
    const { escalate, told } = setUp({ ledger: kept });
    const answer = await ask(escalate, { args: [state] });
    await settled();
    expect(told).toEqual([]);
    expect(kept.rows).toMatchObject([
      { kind: "escalation", subject: "researcher", cause: "boom", payload: { ticket: answer?.ticket } },
    ]);
    durable.resolve(undefined);
    await settled();
    expect(told).toHaveLength(1);
  });

  it("has one row for 1,000 failures", async () => {
    const kept = ledger(async () => undefined);
    const { escalate } = setUp({ ledger: kept });
    await Promise.all(Array.from({ length: 1_000 }, () => ask(escalate, { args: [state] })));
    expect(kept.rows).toHaveLength(1);
  });

  it.each<[string, () => Promise<undefined>]>([
    ["rejects", () => Promise.reject(boom)],
    [
      "throws",
      () => {
        throw boom;
      },
    ],
  ])("does not keep the human from knowing when it %s", async (_, append) => {
    const { escalate, told } = setUp({ ledger: ledger(append) });
    await ask(escalate, { args: [state] });
    await settled();
    expect(told).toHaveLength(1);
  });

  it("does not keep the human from knowing when it hangs", async () => {
    const { escalate, told, timers } = setUp({ ledger: ledger(never) });
    await ask(escalate, { args: [state] });
    await timers.advance(5_000);
    expect(told).toHaveLength(1);
  });
});

describe("telling a human", () => {
  it("is tried again, with the same ticket, when it fails", async () => {
    let fails = 2;
    const { escalate, timers, told } = setUp({
      notify: () => {
        if (fails-- > 0) throw boom;
      },
    });
    await ask(escalate, { args: [state] });
    await settled();
    await timers.advance(1_000);
    await timers.advance(2_000);
    await timers.advance(100_000);
    expect(told).toHaveLength(3);
    expect(new Set(told.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it("is tried again when it takes longer than 30 s", async () => {
    let hangs = true;
    const { escalate, timers, told } = setUp({ notify: () => (hangs ? never() : undefined) });
    await ask(escalate, { args: [state] });
    await settled();
    hangs = false;
    await timers.advance(30_000);
    await timers.advance(1_000);
    expect(told).toHaveLength(2);
  });

  it("is given up after five attempts, counted, and tried by a failure a minute later", async () => {
    const { escalate, clock, timers, told } = setUp({
      maxTicketsPerHour: 1,
      notify: () => Promise.reject(boom),
    });
    await ask(escalate, { args: [state] });
    await settled();
    for (let i = 0; i < 10; i++) await timers.advance(10_000);
    expect(told).toHaveLength(5);
    expect(escalate.counts.undelivered).toBe(1);
    await ask(escalate, { args: [state] });
    await settled();
    expect(told).toHaveLength(5);
    clock.advance(60_000);
    await ask(escalate, { args: [state] });
    await settled();
    expect(told).toHaveLength(6);
    expect(new Set(told.map(({ ticket }) => ticket)).size).toBe(1);
  });

  it("stops at so many incidents an hour, and counts the others", async () => {
    const { escalate, told } = setUp({ maxTicketsPerHour: 2 });
    for (const name of ["a", "b", "c", "d"]) await ask(escalate, { args: [state], name });
    for (const name of ["c", "d"]) await ask(escalate, { args: [state], name });
    await settled();
    expect(told.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(escalate.counts).toMatchObject({ incidents: 4, suppressed: 2 });
  });

  it("still answers calls of an incident that nobody was told of", async () => {
    const { escalate } = setUp({ maxTicketsPerHour: 1 });
    await ask(escalate, { args: [state], name: "a" });
    const answer = await ask(escalate, { args: [state], name: "b" });
    expect(answer).toMatchObject({ value: state, ticket: expect.stringMatching(/^ESC-/) });
  });

  it("makes up for it while the incident lasts, once the hour has room", async () => {
    const { escalate, clock, told } = setUp({ maxTicketsPerHour: 1 });
    for (const name of ["a", "b"]) await ask(escalate, { args: [state], name });
    clock.advance(HOUR_MS);
    await ask(escalate, { args: [state], name: "b" });
    await settled();
    expect(told.map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("never happens more often than the limit in any hour", () => {
    const event = fc.record({ name: fc.nat(5).map(String), ms: fc.nat(HOUR_MS / 2) });
    return fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60, size: "max" }), async (events) => {
        const times: number[] = [];
        const { escalate, clock } = setUp({
          maxTicketsPerHour: 3,
          notify: () => times.push(clock.monotonic()),
        });
        for (const { name, ms } of events) {
          await ask(escalate, { args: [state], name });
          await settled();
          tell(escalate, state, { name });
          clock.advance(ms);
        }
        for (const [i, atMs] of times.entries()) {
          const third = times[i + 3];
          if (third !== undefined) expect(third - atMs).toBeGreaterThanOrEqual(HOUR_MS);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("an escalation that waits for a decision", () => {
  const waits = { notificationOnly: false } as const;

  it("answers with what the human decides", async () => {
    const { escalate } = setUp({ ...waits, notify: async () => ({ approved: true }) });
    const answer = await ask(escalate);
    expect(answer).toEqual({ value: { approved: true }, ticket: expect.stringMatching(/^ESC-/) });
  });

  it.each([null, undefined])("says no where the human says %s", async (decision) => {
    const { escalate } = setUp({ ...waits, notify: async () => decision });
    await expect(ask(escalate, { args: [state] })).rejects.toMatchObject({ code: "escalated", cause: boom });
  });

  it("takes one decision for all calls with the same input, and gives each a copy", async () => {
    const decision = Promise.withResolvers<{ notes: string[] }>();
    const { escalate, told } = setUp({ ...waits, notify: () => decision.promise });
    const calls = Array.from({ length: 1_000 }, () => ask(escalate));
    await settled();
    expect(told).toHaveLength(1);
    decision.resolve({ notes: [] });
    const answers = await Promise.all(calls);
    given<{ notes: string[] }>(answers[0]).notes.push("mine");
    expect(answers[1]?.value).toEqual({ notes: [] });
    expect(await ask(escalate)).toEqual(answers[1]);
  });

  it("says no at once to a call of the incident with another input, on which nobody has decided", async () => {
    const decision = Promise.withResolvers<string>();
    const { escalate, told } = setUp({ ...waits, notify: () => decision.promise });
    const first = ask(escalate, { args: [{ payment: 1 }] });
    await expect(ask(escalate, { args: [{ payment: 2 }] })).rejects.toMatchObject({
      code: "escalated",
      ticket: told[0]?.ticket ?? expect.stringMatching(/^ESC-/),
    });
    decision.resolve("approved");
    expect(await first).toMatchObject({ value: "approved" });
    expect(told).toHaveLength(1);
  });

  it("takes no decision for another call where nobody knows the input", async () => {
    const { escalate } = setUp({ ...waits, notify: () => "approved" });
    expect(await ask(escalate, { args: undefined })).toMatchObject({ value: "approved" });
    await expect(ask(escalate, { args: undefined })).rejects.toMatchObject({ code: "escalated" });
  });

  it("says no when the time is over, for the whole incident, and aborts the signal", async () => {
    let given: AbortSignal | undefined;
    const { escalate, clock, timers, told } = setUp({
      ...waits,
      decisionTimeoutMs: 60_000,
      notify: (_, signal) => {
        given = signal;
        return never();
      },
    });
    const answer = expect(ask(escalate)).rejects.toMatchObject({ code: "escalated" });
    await settled();
    await timers.advance(60_000);
    await answer;
    expect(given?.aborted).toBe(true);
    clock.advance(HOUR_MS);
    await expect(ask(escalate)).rejects.toMatchObject({ code: "escalated", ticket: told[0]?.ticket });
    expect(told).toHaveLength(1);
  });

  it("rejects with the caller's reason at once when the caller aborts, and the others go on waiting", async () => {
    const decision = Promise.withResolvers<string>();
    const { escalate } = setUp({ ...waits, notify: () => decision.promise });
    const caller = new AbortController();
    const gone = ask(escalate, { signal: caller.signal });
    const waiting = ask(escalate);
    caller.abort("enough");
    await expect(gone).rejects.toBe("enough");
    decision.resolve("yes");
    expect(await waiting).toMatchObject({ value: "yes" });
  });

  it("says no at once to incidents beyond the limit", async () => {
    const { escalate } = setUp({ ...waits, maxTicketsPerHour: 1, notify: () => "yes" });
    await ask(escalate, { name: "a" });
    await expect(ask(escalate, { name: "b" })).rejects.toMatchObject({ code: "escalated" });
  });
});

describe("the options of an escalation", () => {
  it.each<[string, () => unknown, string]>([
    [
      "notify",
      () => escalateFallback("mail" as never),
      "escalateFallback: notify must be a function, got mail",
    ],
    [
      "maxTicketsPerHour",
      () => setUp({ maxTicketsPerHour: 0 }),
      "escalateFallback: maxTicketsPerHour must be a whole number from 1 to 100000, got 0",
    ],
    [
      "decisionTimeoutMs",
      () => setUp({ notificationOnly: false, decisionTimeoutMs: Number.NaN }),
      "escalateFallback: decisionTimeoutMs must be a whole number from 1 to 2147483647, got NaN",
    ],
    [
      "decisionTimeoutMs where nobody waits",
      () => setUp({ decisionTimeoutMs: 1_000 }),
      "escalateFallback: decisionTimeoutMs is for notificationOnly: false, where calls wait; got 1000",
    ],
    [
      "notificationOnly",
      () => setUp({ notificationOnly: "no" as never }),
      "escalateFallback: notificationOnly must be true or false, got no",
    ],
    ["ledger", () => setUp({ ledger: {} as never }), "escalateFallback: ledger must have an append function"],
  ])("refuse a bad %s, by name and value", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
