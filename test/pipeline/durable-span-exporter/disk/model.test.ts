import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Frame, FrameQueue } from "../../../../src/pipeline/durable-span-exporter/frame-queue.ts";
import { deadProcess, frame, idOf, openUnmanaged, type Tally, takeAll } from "./spool.ts";

interface Entry {
  readonly id: number;
  readonly spans: number;
  readonly bytes: number;
}

/** What should be so: frames that are not settled, oldest first, and those of them that are handed out. */
interface Model {
  waiting: Entry[];
  out: Entry[];
  settled: Entry[];
  nextId: number;
}

interface Real {
  readonly directory: string;
  queue: FrameQueue;
  tally: Tally;
  frames: Map<number, Frame>;
  /** Since this queue was opened. */
  appended: number;
  settled: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const byId = (a: Entry, b: Entry) => a.id - b.id;
const sum = (entries: readonly Entry[]) => entries.reduce((spans, each) => spans + each.spans, 0);

function check(model: Model, real: Real): void {
  const kept = [...model.waiting, ...model.out].toSorted(byId);
  const { frames, spans, oldestMs } = real.queue.size;
  expect({ frames, spans }).toEqual({ frames: kept.length, spans: sum(kept) });
  expect(oldestMs).toBe(kept[0] === undefined ? undefined : 1_000 + kept[0].id);
  const { found, corrupted, droppedSpans } = real.tally;
  expect(real.appended + found.spans).toBe(real.settled + droppedSpans + corrupted.spans + spans);
}

function append(spans: number, bytes: number): Command {
  return {
    check: () => true,
    toString: () => `append(${spans}, ${bytes})`,
    async run(model, real) {
      const id = model.nextId++;
      const added = frame(id, { spans, bytes });
      real.queue.append(added);
      real.appended += spans;
      model.waiting.push({ id, spans, bytes: added.body.byteLength });
      check(model, real);
    },
  };
}

const take: Command = {
  check: () => true,
  toString: () => "take",
  async run(model, real) {
    const expected = model.waiting.shift();
    const taken = await real.queue.take();
    expect(taken && idOf(taken)).toBe(expected?.id);
    if (taken === undefined || expected === undefined) return;
    expect(taken).toEqual(frame(expected.id, expected));
    real.frames.set(expected.id, taken);
    model.out.push(expected);
    check(model, real);
  },
};

function outcome(name: "settle" | "putBack", pick: number): Command {
  return {
    check: (model) => model.out.length > 0,
    toString: () => `${name}(${pick})`,
    async run(model, real) {
      const [entry] = model.out.splice(pick % model.out.length, 1);
      if (entry === undefined) return;
      real.queue[name](real.frames.get(entry.id)!);
      if (name === "settle") real.settled += entry.spans;
      (name === "settle" ? model.settled : model.waiting).push(entry);
      model.waiting.sort(byId);
      check(model, real);
    },
  };
}

function reopen(real: Real, durability: "none" | "interval" | "fsync"): void {
  Object.assign(real, open(real.directory, durability), { frames: new Map(), appended: 0, settled: 0 });
}

function open(directory: string, durability: "none" | "interval" | "fsync") {
  return openUnmanaged(directory, { durability, segmentBytes: 300, identity: deadProcess() });
}

function restart(how: "close" | "closeSync", durability: "none" | "interval" | "fsync"): Command {
  return {
    check: () => true,
    toString: () => `${how}, open(${durability})`,
    async run(model, real) {
      await real.queue[how]();
      reopen(real, durability);
      model.waiting = [...model.waiting, ...model.out].toSorted(byId);
      model.out = [];
      check(model, real);
    },
  };
}

const kill: Command = {
  check: () => true,
  toString: () => "kill, open",
  async run(model, real) {
    reopen(real, "none");
    const found = await takeAll(real.queue);
    const ids = found.map(idOf);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    const known = new Map([...model.waiting, ...model.out, ...model.settled].map((each) => [each.id, each]));
    for (const { id } of [...model.waiting, ...model.out]) expect(ids).toContain(id);
    // What was settled may come again, whole.
    for (const each of found) expect(each).toEqual(frame(idOf(each), known.get(idOf(each))));
    for (const each of found) real.queue.putBack(each);
    model.waiting = ids.map((id) => known.get(id)!);
    model.out = [];
    model.settled = model.settled.filter(({ id }) => !ids.includes(id));
    check(model, real);
  },
};

const durability = fc.constantFrom("none" as const, "interval" as const, "fsync" as const);
const commands = fc.commands(
  [
    fc
      .tuple(fc.nat(600), fc.oneof(fc.nat(80), fc.constant(400)))
      .map(([spans, bytes]) => append(spans, bytes)),
    fc.tuple(fc.nat(600), fc.nat(80)).map(([spans, bytes]) => append(spans, bytes)),
    fc.constant(take),
    fc.constant(take),
    fc.nat(20).map((pick) => outcome("settle", pick)),
    fc.nat(20).map((pick) => outcome("putBack", pick)),
    fc
      .tuple(fc.constantFrom("close" as const, "closeSync" as const), durability)
      .map((args) => restart(...args)),
    fc.constant(kill),
  ],
  { maxCommands: 60, size: "max" },
);

it("keeps every frame in order until it is settled, through restarts and kills, and its counts add up", async () => {
  await fc.assert(
    fc.asyncProperty(commands, async (list) => {
      const directory = mkdtempSync(join(tmpdir(), "agent-otel-spool-"));
      const real: Real = {
        directory,
        ...open(directory, "none"),
        frames: new Map(),
        appended: 0,
        settled: 0,
      };
      const model: Model = { waiting: [], out: [], settled: [], nextId: 0 };
      try {
        await fc.asyncModelRun(() => ({ model, real }), list);
      } finally {
        real.queue.closeSync();
        rmSync(directory, { recursive: true, force: true });
      }
    }),
    { numRuns: 100 },
  );
});
