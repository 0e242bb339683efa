// What pricing one model call costs, against asking the price library each time. Claim: at most 100 ns once the model is known.
// Run: node bench/price.bench.ts
import { bench, do_not_optimize, group, run } from "mitata";
import { estimateCost } from "../src/cost/estimate-cost.ts";
import { libraryUsage } from "../src/cost/library-price.ts";
import { priceLibrary } from "../src/cost/price-library.ts";

const LIMIT_NS = 100;

const calls = [
  {
    provider: "openai",
    id: "openai",
    model: "gpt-4o",
    usage: { input: 1_200, output: 300, cacheRead: 1_024 },
  },
  {
    ...{ provider: "anthropic", id: "anthropic", model: "claude-sonnet-4-5" },
    usage: { input: 220_000, output: 900, cacheRead: 150_000, cacheWrite5m: 4_000, cacheWrite1h: 8_000 },
  },
  // A price that changed on a day.
  { provider: "openai", id: "openai", model: "o3", usage: { input: 900, output: 700, reasoning: 600 } },
  { provider: "gcp.gemini", id: "google", model: "gemini-2.5-pro", usage: { input: 900, output: 700 } },
];
const library = priceLibrary()!;
const atMs = Date.now();

// Warm, or mitata times single calls and with them its own clock.
for (let i = 0; i < 20_000; i++) {
  for (const { provider, model, usage } of calls)
    do_not_optimize(estimateCost({ provider, model, usage, atMs }));
}

for (const { provider, id, model, usage } of calls) {
  group(model, () => {
    bench(`estimateCost ${model}`, () => do_not_optimize(estimateCost({ provider, model, usage, atMs })));
    bench(`genai-prices ${model}`, () =>
      do_not_optimize(
        library.calcPrice(libraryUsage(usage), model, { providerId: id, timestamp: new Date(atMs) }),
      ),
    );
  });
}

const { benchmarks } = await run();
const averageNs = (name: string) =>
  benchmarks.find(({ alias }) => alias === name)?.runs[0]?.stats?.avg ?? Number.NaN;
let slow = false;
for (const { model } of calls) {
  const ours = averageNs(`estimateCost ${model}`);
  const theirs = averageNs(`genai-prices ${model}`);
  slow ||= !(ours <= LIMIT_NS);
  console.log(
    `${model}: ${ours.toFixed(0)} ns, genai-prices ${theirs.toFixed(0)} ns, 1 : ${(theirs / ours).toFixed(0)}`,
  );
}
if (slow) {
  console.error(`slower than ${LIMIT_NS} ns`);
  process.exitCode = 1;
}
