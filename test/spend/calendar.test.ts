import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Calendar, type Period } from "../../src/spend/calendar.ts";

function shown(zone: string, period: Period, at: string): string[] {
  const { startMs, endMs } = new Calendar(zone).window(period, Date.parse(at));
  return [startMs, endMs].map((ms) => new Date(ms).toISOString().replace(":00.000Z", "Z"));
}

describe("a calendar window", () => {
  it.each<[string, Period, string, string, string]>([
    ["UTC", "hour", "2026-11-21T20:59:59.999Z", "2026-11-21T20:00Z", "2026-11-21T21:00Z"],
    ["UTC", "day", "2026-11-21T20:30Z", "2026-11-21T00:00Z", "2026-11-22T00:00Z"],
    ["UTC", "month", "2026-12-31T23:59Z", "2026-12-01T00:00Z", "2027-01-01T00:00Z"],
    ["Europe/Berlin", "day", "2026-11-20T23:30Z", "2026-11-20T23:00Z", "2026-11-21T23:00Z"],
    ["America/Los_Angeles", "day", "2026-11-21T07:59Z", "2026-11-20T08:00Z", "2026-11-21T08:00Z"],
    ["Asia/Kathmandu", "hour", "2026-11-21T20:20Z", "2026-11-21T20:15Z", "2026-11-21T21:15Z"],
    ["Pacific/Kiritimati", "month", "2026-11-30T11:00Z", "2026-11-30T10:00Z", "2026-12-31T10:00Z"],
  ])("in %s: the %s of %s", (zone, period, at, start, end) => {
    expect(shown(zone, period, at)).toEqual([start, end]);
  });

  it("has 23 hours on the day when clocks go forward, and 25 when they go back", () => {
    expect(shown("Europe/Berlin", "day", "2026-03-29T12:00Z")).toEqual([
      "2026-03-28T23:00Z",
      "2026-03-29T22:00Z",
    ]);
    expect(shown("Europe/Berlin", "day", "2026-10-25T12:00Z")).toEqual([
      "2026-10-24T22:00Z",
      "2026-10-25T23:00Z",
    ]);
  });

  it("is two windows for an hour that comes twice", () => {
    expect(shown("Europe/Berlin", "hour", "2026-10-25T00:10Z")).toEqual([
      "2026-10-25T00:00Z",
      "2026-10-25T01:00Z",
    ]);
    expect(shown("Europe/Berlin", "hour", "2026-10-25T01:10Z")).toEqual([
      "2026-10-25T01:00Z",
      "2026-10-25T02:00Z",
    ]);
  });

  it("begins with the first moment of a day that has no midnight", () => {
    // Clocks in Beirut went from 00:00 to 01:00.
    expect(shown("Asia/Beirut", "day", "2026-03-29T12:00Z")[0]).toBe("2026-03-28T22:00Z");
  });

  it("ends an hour where clocks change by half of one", () => {
    // Lord Howe: at 02:00 to 02:30.
    expect(shown("Australia/Lord_Howe", "hour", "2026-10-03T15:45Z")).toEqual([
      "2026-10-03T15:30Z",
      "2026-10-03T16:00Z",
    ]);
  });

  it("holds the moment it is for, and the next one begins where it ends, in every zone", () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "Asia/Kolkata",
      "Australia/Lord_Howe",
      "America/Havana",
    ];
    const from = Date.UTC(2020, 0, 1);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom<Period>("hour", "day", "month"),
        fc.integer({ min: from, max: from + 10 * 365 * 86_400_000 }),
        (zone, period, atMs) => {
          const calendar = new Calendar(zone);
          const { startMs, endMs } = calendar.window(period, atMs);
          expect(startMs <= atMs && atMs < endMs).toBe(true);
          expect(calendar.window(period, endMs).startMs).toBe(endMs);
          expect(calendar.window(period, startMs)).toEqual({ period, startMs, endMs });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("of a zone that nobody knows is an error that names it", () => {
    expect(() => new Calendar("Mars/Base")).toThrow('such as "Europe/Berlin", got "Mars/Base"');
  });
});
