import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isAgentError } from "../../../src/errors/agent-error.ts";
import { type ChatFormat, type ChatMessage, windowMemory } from "../../../src/memory/window-memory.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { windowSlice } from "../../naive/window-slice.ts";
import { historyOf, type Move, moves, soundMoves } from "./histories.ts";
import { anthropicFaults, openAiFaults } from "./provider-rules.ts";

const HISTORIES = 5_000;
const FAULTS = { openai: openAiFaults, anthropic: anthropicFaults };

/** Counts in another way than the window's own estimate. */
function count(message: ChatMessage): number {
  return Math.ceil(JSON.stringify(message).length / 4);
}

const summarisers = {
  none: undefined,
  short: async (messages: readonly ChatMessage[], { previous = "" }: { previous: string | undefined }) =>
    `${previous.slice(0, 40)} ${messages.length} more`,
  long: async () => "y".repeat(100_000),
  failing: async () => {
    throw new Error("no answer");
  },
};

const limits = fc.record({
  maxTokens: fc.oneof(fc.integer({ min: 60, max: 400 }), fc.integer({ min: 400, max: 4_000 })),
  maxMessages: fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 30 })),
  compactTo: fc.constantFrom(1, 0.7, 0.3),
  summariser: fc.constantFrom(...(Object.keys(summarisers) as (keyof typeof summarisers)[])),
  /** Whether the window counts for itself. */
  estimates: fc.boolean(),
  /** Every how manieth plain message is pinned. */
  pinEach: fc.constantFrom(0, 3, 11),
  system: fc.boolean(),
});

type Limits = typeof limits extends fc.Arbitrary<infer T> ? T : never;

function open(format: ChatFormat, chosen: Limits) {
  const { maxTokens, maxMessages, compactTo, summariser, estimates, system } = chosen;
  const summarise = summarisers[summariser];
  return windowMemory({
    ...{ maxTokens, compactTo, format, metrics: new MetricSources() },
    ...(maxMessages === undefined ? {} : { maxMessages }),
    ...(summarise === undefined ? {} : { summarise }),
    ...(estimates ? {} : { countTokens: (_text, message) => count(message) }),
    ...(system && format === "anthropic" ? { system: "be kind" } : {}),
  });
}

type Window = ReturnType<typeof open>;

function isPlain({ role, content }: ChatMessage): boolean {
  return (role === "user" || role === "assistant") && typeof content === "string";
}

/** What was added so far, with the place of each. */
type Added = ReadonlyMap<ChatMessage, number>;

/** All that must hold of what is given, at any time. @returns What does not. */
function faultsOf(
  window: Window,
  given: readonly ChatMessage[],
  added: Added,
  must: ReadonlySet<ChatMessage>,
  chosen: Limits,
): readonly string[] {
  const faults: string[] = [];
  if (given.length > (chosen.maxMessages ?? Number.POSITIVE_INFINITY)) faults.push("too many messages");
  if (given.length !== window.size) faults.push("another size than it says");
  if (window.tokens > chosen.maxTokens) faults.push("too many tokens");
  if (!chosen.estimates) {
    const system = window.system === undefined ? 0 : count({ role: "system", content: window.system });
    if (given.reduce((sum, message) => sum + count(message), system) !== window.tokens)
      faults.push("other tokens than it says");
  }
  const places = given.flatMap((message) => added.get(message) ?? []);
  if (given.length - places.length > (window.summary === undefined ? 0 : 1))
    faults.push("a message that nobody added");
  if (places.some((place, i) => i > 0 && place <= places[i - 1]!)) faults.push("another order");
  const there = new Set(given);
  if ([...must].some((message) => !there.has(message))) faults.push("a message gone that must stay");
  return faults;
}

/** How often what happened, so that the histories are seen to be worth something. */
const seen = { steps: 0, overflows: 0, evicted: 0, incomplete: 0, summaries: 0, pins: 0 };

async function play(all: readonly Move[], format: ChatFormat, chosen: Limits): Promise<readonly string[]> {
  const window = open(format, chosen);
  const added = new Map<ChatMessage, number>();
  const must = new Set<ChatMessage>();
  const faults: string[] = [];
  const look = (given: readonly ChatMessage[]) =>
    faults.push(...FAULTS[format](given), ...faultsOf(window, given, added, must, chosen));
  let plain = 0;
  for (const message of historyOf(all, format)) {
    const before = window.current();
    seen.steps += 1;
    try {
      window.add(message);
    } catch (error) {
      seen.overflows += 1;
      if (!isAgentError(error) || error.code !== "window_overflow") throw error;
      if (window.current().some((each, i) => each !== before[i])) faults.push("changed by what was refused");
      continue;
    }
    added.set(message, added.size);
    if (message.role === "system") must.add(message);
    const given = window.current();
    if (isPlain(message) && given.includes(message)) {
      plain += 1;
      if (given.at(-1) !== message) faults.push("the newest is not the last");
      if (chosen.pinEach > 0 && plain % chosen.pinEach === 0 && window.pin(message)) must.add(message);
    }
    look(given);
    // As in a program that asks the model from time to time.
    if (added.size % 5 === 0) look(await window.messages());
  }
  look(await window.messages());
  const { evictedMessages, incompleteMessages, pinned, hasSummary } = window.stats();
  seen.evicted += evictedMessages;
  seen.incomplete += incompleteMessages;
  seen.pins += pinned;
  seen.summaries += hasSummary ? 1 : 0;
  return faults;
}

describe.each(["openai", "anthropic"] as const)("a window over 5,000 random histories of %s", (format) => {
  it("is never over its limits, breaks no rule of the provider, keeps the order, the system prompt and what is pinned", async () => {
    await fc.assert(
      fc.asyncProperty(moves, limits, async (all, chosen) => {
        expect(await play(all, format, chosen)).toEqual([]);
      }),
      { numRuns: HISTORIES },
    );
    for (const times of Object.values(seen)) expect(times).toBeGreaterThan(500);
  });

  it("is the same whether messages are added one by one or at once", () => {
    let complete = 0;
    fc.assert(
      fc.property(moves, limits, (all, chosen) => {
        const history = historyOf(
          all.filter((move) => !("chars" in move) || move.chars < 100),
          format,
        );
        const [single, whole] = [open(format, chosen), open(format, chosen)];
        try {
          for (const message of history) single.add(message);
        } catch {
          expect(() => whole.add(history)).toThrow();
          expect(whole.current()).toEqual([]);
          return;
        }
        complete += 1;
        whole.add(history);
        expect(whole.current()).toEqual(single.current());
      }),
      { numRuns: 1_000 },
    );
    expect(complete).toBeGreaterThan(300);
  });
});

describe("the last so many messages (control)", () => {
  it.each(["openai", "anthropic"] as const)(
    "break the rules of %s, in histories that are sound",
    (format) => {
      let broken = 0;
      fc.assert(
        fc.property(soundMoves, fc.integer({ min: 2, max: 12 }), (all, most) => {
          const history = historyOf(all, format).filter(({ role }) => role !== "system");
          if (FAULTS[format](windowSlice(history, most)).length > FAULTS[format](history).length) broken += 1;
        }),
        { numRuns: 500 },
      );
      expect(broken).toBeGreaterThan(25);
    },
  );
});
