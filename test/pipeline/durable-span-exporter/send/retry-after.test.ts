import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../../../src/pipeline/durable-span-exporter/send/retry-after.ts";

const NOW_MS = Date.UTC(1994, 10, 6, 8, 49, 0);
const MAX_MS = 300_000;

const read = (value: string | undefined) => parseRetryAfter(value, NOW_MS, MAX_MS);

describe("parseRetryAfter", () => {
  it.each([
    ["seconds", "37", 37_000],
    ["seconds with blanks", " 37 ", 37_000],
    ["a fraction", "0.0005", 1],
    ["a date", "Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
    ["a date of RFC 850", "Sunday, 06-Nov-94 08:49:37 GMT", 37_000],
    ["a date of asctime", "Sun Nov  6 08:49:37 1994", 37_000],
    ["more than the most", "301", MAX_MS],
    ["a number beyond all numbers", "9".repeat(400), MAX_MS],
    ["a date in ten years", "Wed, 06 Nov 2004 08:49:37 GMT", MAX_MS],
  ])("reads %s", (_, value, ms) => {
    expect(read(value)).toBe(ms);
  });

  it.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["blanks", "  "],
    ["0", "0"],
    ["a negative number", "-1"],
    ["a date that is now", "Sun, 06 Nov 1994 08:49:00 GMT"],
    ["a date in the past", "Sun, 06 Nov 1994 08:48:59 GMT"],
    ["a day that does not exist", "Sun, 66 Nov 1994 08:49:37 GMT"],
    ["a list", "1, 2"],
    ["an exponent", "1e3"],
    ["a hexadecimal number", "0x10"],
    ["a date without its zone", "Sun, 06 Nov 1994 08:49:37"],
    ["a date as ISO has it", "1994-11-06T08:49:37Z"],
    ["Infinity", "Infinity"],
    ["words", "in a minute"],
  ])("leaves the wait to the caller's backoff for %s", (_, value) => {
    expect(read(value)).toBeUndefined();
  });

  it("never answers with a wait that is no number, not above 0, or above the most", () => {
    const odd = fc.stringMatching(/^[-+]?[\d.,eE ]{0,30}$/);
    const day = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
    const max = fc.integer({ min: 1, max: 2 ** 31 });
    fc.assert(
      fc.property(fc.oneof(fc.string(), odd, day), fc.integer(), max, (value, nowMs, maxMs) => {
        const ms = parseRetryAfter(value, nowMs, maxMs);
        expect(ms === undefined || (ms > 0 && ms <= maxMs), `${value} -> ${ms}`).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it("is the same for a number of seconds and for the date that is so far away", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 299 }), (seconds) => {
        const date = new Date(NOW_MS + seconds * 1_000).toUTCString();
        expect(read(date)).toBe(read(String(seconds)));
      }),
    );
  });

  it("reads a megabyte of digits, of blanks and of dates in less than 50 ms", () => {
    const start = performance.now();
    for (const part of ["9", " ", "1.", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday"]) {
      read(part.repeat(1_000_000 / part.length));
    }
    expect(performance.now() - start).toBeLessThan(50);
  });
});
