import { describe, expect, it } from "vitest";
import { CallLog } from "../../src/agent/call-log.ts";
import { changesOf } from "../../src/server/in-process/changes.ts";
import { LiveFeed } from "../../src/server/routes/live.ts";
import { record } from "../health/records.ts";
import { served } from "./support/served.ts";

function callAll(functions: Iterable<() => void>): void {
  for (const each of functions) each();
}

/** Timers that run when they are told to. */
function timers() {
  const planned = new Set<() => void>();
  const after = (_: number, run: () => void) => {
    const once = () => {
      planned.delete(once);
      run();
    };
    planned.add(once);
    return () => planned.delete(once);
  };
  return { planned, after, runAll: () => callAll([...planned]) };
}

function feed() {
  const listeners = new Set<() => void>();
  const clock = timers();
  const live = new LiveFeed((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, clock.after);
  const open = (signal?: AbortSignal) =>
    live.open(new Request("http://127.0.0.1/live", signal === undefined ? {} : { signal }));
  return { live, listeners, clock, open, change: () => callAll(listeners) };
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string> {
  const { value } = await reader.read();
  return new TextDecoder().decode(value);
}

describe("the live feed", () => {
  it("tells of a change as a server-sent event", async () => {
    const { open, change } = feed();
    const reader = open().body!.getReader();
    expect(await read(reader)).toBe("retry: 3000\n\n");
    change();
    expect(await read(reader)).toBe("event: change\ndata: {}\n\n");
  });

  it("tells a slow reader of many changes once, and of none less", async () => {
    const { open, change } = feed();
    const reader = open().body!.getReader();
    for (let i = 0; i < 100; i++) change();
    expect(await read(reader)).toContain("retry");
    expect(await read(reader)).toContain("change");
    const more = reader.read();
    change();
    expect(new TextDecoder().decode((await more).value)).toContain("change");
  });

  it("says that it is still there, and ends with the request", async () => {
    const { open, clock, listeners } = feed();
    const request = new AbortController();
    const reader = open(request.signal).body!.getReader();
    await read(reader);
    clock.runAll();
    expect(await read(reader)).toBe(": still here\n\n");
    request.abort();
    expect((await reader.read()).done).toBe(true);
    expect([listeners.size, clock.planned.size]).toEqual([0, 0]);
  });

  it("is open to 64 at once, and to another one when one has gone", async () => {
    const { open } = feed();
    const bodies = Array.from({ length: 64 }, () => open().body!);
    expect(() => open()).toThrow("64 pages follow what happens already");
    await bodies[0]!.cancel();
    expect(open().status).toBe(200);
  });

  it("holds nothing for a request that is over already, or asks for the head alone", async () => {
    const { live, open, listeners } = feed();
    open(AbortSignal.abort());
    live.open(new Request("http://127.0.0.1/live", { method: "HEAD" }));
    expect(listeners.size).toBe(0);
  });

  it("of a process tells of many calls once", () => {
    const calls = new CallLog();
    const clock = timers();
    let told = 0;
    const end = changesOf(calls, clock.after)(() => told++);
    for (let i = 0; i < 50; i++) calls.publish(record({}));
    clock.runAll();
    expect(told).toBe(1);
    calls.publish(record({}));
    end();
    clock.runAll();
    expect(told).toBe(1);
    expect(calls.hasListeners).toBe(false);
  });

  it("is there where the sources tell of changes", async () => {
    const { router, sources } = served();
    const answer = await router(new Request("http://127.0.0.1/api/agents/live"));
    expect(answer.headers.get("content-type")).toBe("text/event-stream");
    await answer.body!.cancel();
    const { changes: _, ...without } = sources;
    expect((await served({}, { sources: without }).ask("live")).status).toBe(404);
  });
});
