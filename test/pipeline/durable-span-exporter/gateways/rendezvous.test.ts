import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Rendezvous } from "../../../../src/pipeline/durable-span-exporter/gateways/rendezvous.ts";

const TRACES = 10_000;

const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `http://gateway-${i}.internal:4318/v1/traces`);

const traceIds = Array.from({ length: TRACES }, () => randomBytes(16).toString("hex"));

const aTraceId = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const someNames = fc.uniqueArray(fc.webUrl(), { minLength: 1, maxLength: 32 });

/** How many of the traces each has. */
function shares(route: Rendezvous, count: number, ids: readonly string[]): readonly number[] {
  const shares = new Array<number>(count).fill(0);
  for (const id of ids) shares[route.choose(id)]! += 1;
  return shares;
}

describe("the endpoint of a trace", () => {
  it("is the same whatever the order of the list", () => {
    fc.assert(
      fc.property(someNames, aTraceId, (list, id) => {
        const reversed = list.toReversed();
        expect(list[new Rendezvous(list).choose(id)]).toBe(reversed[new Rendezvous(reversed).choose(id)]);
      }),
    );
  });

  it("is the same in every process and version: where a spool is read again, traces stay where they were", () => {
    const route = new Rendezvous(names(3));
    const ids = ["0af7651916cd43dd8448eb211c80319c", "4bf92f3577b34da6a3ce929d0e0e4736", "a3ce929d0e0e4736"];
    expect(ids.map((id) => route.choose(id))).toEqual([1, 2, 0]);
  });

  it.each([2, 3, 4, 5])(`is each of %i for its share of ${TRACES} random traces, within a tenth`, (count) => {
    const fair = TRACES / count;
    for (const share of shares(new Rendezvous(names(count)), count, traceIds))
      expect(Math.abs(share - fair) / fair).toBeLessThan(0.1);
  });

  it("is each for its share of ids that count up, too", () => {
    const ids = Array.from({ length: TRACES }, (_, i) => i.toString(16).padStart(32, "0"));
    for (const share of shares(new Rendezvous(names(2)), 2, ids))
      expect(Math.abs(share - TRACES / 2) / (TRACES / 2)).toBeLessThan(0.1);
  });

  it("stays where it is when one is added, but for those that the new one gets", () => {
    fc.assert(
      fc.property(someNames, fc.webUrl(), aTraceId, (list, added, id) => {
        fc.pre(!list.includes(added));
        const more = [...list, added];
        const after = more[new Rendezvous(more).choose(id)];
        expect([added, list[new Rendezvous(list).choose(id)]]).toContain(after);
      }),
    );
    const moved = traceIds.filter(
      (id) => new Rendezvous(names(3)).choose(id) !== new Rendezvous(names(4)).choose(id),
    );
    expect(moved.length / TRACES).toBeLessThan(0.25 * 1.1);
  });

  it("stays where it is when another one goes away", () => {
    fc.assert(
      fc.property(someNames, aTraceId, fc.nat(31), (list, id, gone) => {
        const route = new Rendezvous(list);
        const before = route.choose(id);
        fc.pre(before !== gone);
        expect(route.choose(id, (index) => index !== gone)).toBe(before);
      }),
    );
  });

  it("is one of those that are left, evenly, where its own goes away", () => {
    const route = new Rendezvous(names(3));
    const orphans = traceIds.filter((id) => route.choose(id) === 0);
    const toFirst = orphans.filter((id) => route.choose(id, (index) => index !== 0) === 1).length;
    expect(toFirst / orphans.length).toBeGreaterThan(0.45);
    expect(toFirst / orphans.length).toBeLessThan(0.55);
  });

  it("is none where none takes part", () => {
    expect(new Rendezvous(names(3)).choose("00", () => false)).toBe(-1);
  });
});
