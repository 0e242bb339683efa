// What a circuit breaker costs, against cockatiel and opossum in the same processes: a call, with a time limit, with metrics, with a
// span, a refusal, the first calls of a process, and memory.
import type { CallResult } from "./breaker/call-child.ts";
import type { ColdResult } from "./breaker/cold-child.ts";
import { LIBRARIES, LIBRARY_NAMES, type Library } from "./breaker/libraries.ts";
import type { MemoryResult } from "./breaker/memory-child.ts";
import type { MetricsResult } from "./breaker/metrics-child.ts";
import type { RefusalResult } from "./breaker/refusal-child.ts";
import type { SpanResult } from "./breaker/span-child.ts";
import type { WorkName } from "./breaker/work.ts";
import { runChild } from "./child.ts";
import { type Claim, report } from "./claims.ts";
import { median } from "./harness.ts";

/** How the compiler lays out a process is luck, and stays for its life. */
const PROCESSES = 3;
const COLD_PROCESSES = 11;
const MIB = 2 ** 20;

report("breaker: CPU time of a call over the bare async function", [
  ...(await aCall()),
  ...(await aCall(1_000)),
  ...(await withTimeout("plain", "with a time limit", 150)),
  ...(await withTimeout("plain", "with a time limit, 1,000 in flight", undefined, 1_000)),
  ...(await withTimeout("reads", "with a time limit, signal read", 200)),
  ...(await withTimeout("listens", "with a time limit, signal listened to", 500)),
  ...(await withMetrics()),
  ...(await withSpan()),
  ...(await refused()),
  ...(await cold()),
  ...(await memory()),
]);

/** Runs a child several times. */
async function results<R>(
  child: string,
  args: readonly string[] = [],
  times = PROCESSES,
  flags?: readonly string[],
): Promise<R[]> {
  const found: R[] = [];
  for (let i = 0; i < times; i++) found.push((await runChild(`breaker/${child}-child.ts`, args, flags)) as R);
  return found;
}

async function aCall(inFlight = 1): Promise<Claim[]> {
  const found = await calls(["ours", "cockatiel", "opossum"], ["plain", "none", String(inFlight)]);
  const what = inFlight === 1 ? "a call" : `a call, ${inFlight.toLocaleString("en-US")} in flight`;
  const of: Claim = {
    claim: `${what}: of cockatiel's`,
    bound: 0.6,
    measured: over(found.get("ours")) / over(found.get("cockatiel")),
    unit: "×",
  };
  return [...claimsOf(what, 75, found), of];
}

async function withTimeout(
  work: WorkName,
  what: string,
  bound: number | undefined,
  inFlight = 1,
): Promise<Claim[]> {
  // Opossum gives its function no signal.
  const libraries = LIBRARIES.filter((library) => work === "plain" || library !== "opossum");
  return claimsOf(what, bound, await calls(libraries, [work, "timeout", String(inFlight)]));
}

type Found = ReadonlyMap<Library, readonly CallResult[]>;

/** The libraries take turns, so that a busy minute of the machine is everybody's. */
async function calls(libraries: readonly Library[], args: readonly string[]): Promise<Found> {
  const found = new Map<Library, CallResult[]>(libraries.map((library) => [library, []]));
  for (let i = 0; i < PROCESSES; i++) {
    for (const [library, measured] of found) {
      measured.push(...(await results<CallResult>("call", [library, ...args], 1)));
    }
  }
  return found;
}

function claimsOf(what: string, bound: number | undefined, found: Found): Claim[] {
  return [...found].map(([library, measured]) => {
    const bare = Math.round(median(measured.map(({ bareNs }) => bareNs)));
    const note = `${shown(measured.map(({ overNs }) => overNs))}; bare ${bare} ns`;
    const claim = library === "ours" ? what : `  ${LIBRARY_NAMES[library]}`;
    const published: Claim = { claim, measured: over(measured), unit: "ns", note };
    return library === "ours" && bound !== undefined ? { ...published, bound } : published;
  });
}

function over(measured: readonly CallResult[] = []): number {
  return median(measured.map(({ overNs }) => overNs));
}

async function withMetrics(): Promise<Claim[]> {
  const found = await results<MetricsResult>("metrics");
  const ours = found.map((result) => result.ours);
  return [
    {
      claim: "with a time limit and metrics, a reader collecting",
      bound: 300,
      measured: median(ours),
      unit: "ns",
      note: shown(ours),
    },
    {
      claim: "  cockatiel 4 with OpenTelemetry instruments by hand",
      measured: median(found.map(({ cockatiel }) => cockatiel)),
      unit: "ns",
    },
  ];
}

async function withSpan(): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (const library of ["ours", "agent", "cockatiel", "opossum"] as const) {
    const found = await results<SpanResult>("span", [library]);
    const times = found.map((result) => result.times);
    const hand = Math.round(median(found.map(({ handNs }) => handNs)));
    const note = `${shown(times, 2)}; by hand ${hand} ns`;
    const measured: Claim = { claim: spanClaim(library), measured: median(times), unit: "×", note };
    claims.push(library === "ours" ? { ...measured, bound: 1.1 } : measured);
  }
  return claims;
}

function spanClaim(library: Library | "agent"): string {
  if (library === "ours") return "with a time limit around a recorded span, of the span alone";
  return library === "agent"
    ? "  agent() in place of the span by hand, breaker's attributes included"
    : `  ${LIBRARY_NAMES[library]}`;
}

async function refused(): Promise<Claim[]> {
  const found = await results<RefusalResult>("refusal");
  const ours = found.map((result) => result.ours);
  return [
    {
      claim: "a refusal, of the cheaper of the two",
      bound: 0.3,
      measured: median(found.map((r) => r.ours / Math.min(r.cockatiel, r.opossum))),
      unit: "×",
      note: `ours ${shown(ours)} ns`,
    },
    { claim: "  cockatiel 4", measured: median(found.map(({ cockatiel }) => cockatiel)), unit: "ns" },
    { claim: "  opossum 10", measured: median(found.map(({ opossum }) => opossum)), unit: "ns" },
  ];
}

async function cold(): Promise<Claim[]> {
  const what = "the first 5,000 calls of a process, with a time limit";
  // As a process starts: a new space that is large from the beginning is memory that each call is the first to touch.
  const run = (library: string) => results<ColdResult>("cold", [library], COLD_PROCESSES, []);
  const bare = median(await run("bare"));
  const claims: Claim[] = [];
  for (const library of LIBRARIES) {
    const each = (await run(library)).map((ns) => ns - bare);
    const measured = median(each);
    if (library === "ours")
      claims.push({ claim: what, bound: 1_000, measured, unit: "ns", note: shown(each) });
    else claims.push({ claim: `  ${LIBRARY_NAMES[library]}`, measured, unit: "ns", note: shown(each) });
  }
  return claims;
}

async function memory(): Promise<Claim[]> {
  const bare = await memoryOf("bare");
  const claims: Claim[] = [];
  for (const library of LIBRARIES) {
    const { perBreaker, perCall } = await memoryOf(library);
    const call = perCall - bare.perCall;
    const name = LIBRARY_NAMES[library];
    claims.push(
      {
        claim: `10,000 breakers, ${name}`,
        measured: (perBreaker * 10_000) / MIB,
        unit: "MiB",
        note: each(perBreaker),
      },
      {
        claim: `100,000 calls in flight, ${name}`,
        measured: (call * 100_000) / MIB,
        unit: "MiB",
        note: each(call),
      },
    );
  }
  return claims;
}

async function memoryOf(library: Library | "bare"): Promise<MemoryResult> {
  return (await runChild("breaker/memory-child.ts", [library])) as MemoryResult;
}

function shown(values: readonly number[], digits = 0): string {
  return `processes: ${values.map((value) => value.toFixed(digits)).join(" ")}`;
}

function each(bytes: number): string {
  return `${Math.round(bytes).toLocaleString("en-US")} bytes each`;
}
