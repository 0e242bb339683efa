import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../contract/source-files.ts";
import { COMBINATIONS, CONFLICTS } from "./support/combinations.ts";
import { installBeside } from "./support/install-beside.ts";
import { npmResolves, Tarball } from "./support/npm-resolves.ts";
import { runBeside, type Seen, USAGE } from "./support/run-beside.ts";

const REQUESTS = 4;
const AGENTS_OF_CALLS = ["researcher", "researcher", "writer", "supervisor"];
/** gpt-4o-mini: 0.15, 0.075 and 0.60 US dollars for a million tokens of input, of cached input and of output. */
const CACHED_NANO_USD = 400 * 150 + 600 * 75 + 50 * 600;
const UNCACHED_NANO_USD = 1_000 * 150 + 50 * 600;

const modelCalls = ({ calls }: Seen) => calls.filter(({ operation }) => operation === "chat");
const counted = ({ spans }: Seen) =>
  spans.filter(({ attributes }) => attributes["gen_ai.operation.name"] === "chat");

describe.each(COMBINATIONS)("beside $peer on an SDK of $train", ({ folder, scope, own, leavesOut }) => {
  let installed: string;
  beforeAll(() => {
    installed = installBeside(folder);
  });

  describe.each([
    { who: "both have instrumented the client", register: true },
    { who: "the peer alone has instrumented the client", register: false },
  ])("where $who", ({ register }) => {
    const missing = register ? [] : leavesOut;
    const costNanoUsd = missing.includes("cached tokens") ? UNCACHED_NANO_USD : CACHED_NANO_USD;
    const known = AGENTS_OF_CALLS.map(
      (agent) => agent !== "writer" || !missing.includes("tokens of streams"),
    );
    const knownCalls = known.filter(Boolean).length;
    let seen: Seen;
    beforeAll(async () => {
      seen = await runBeside(installed, { register });
    });

    it("counts each request once, with the provider's tokens, its cost and its agent", () => {
      expect(seen.requests).toBe(REQUESTS);
      const expected = AGENTS_OF_CALLS.map((agent, index) => ({
        agent,
        ...(known[index] && { inputTokens: USAGE.input, outputTokens: USAGE.output, costNanoUsd }),
      }));
      expect(modelCalls(seen)).toMatchObject(expected);
      expect(modelCalls(seen).map(({ costNanoUsd: cost }) => cost !== undefined)).toEqual(known);
    });

    it("has one span that is the call, with the agent, and nobody else has a cost", () => {
      const amounts = seen.spans.map(({ attributes }) => attributes["gen_ai.usage.cost.amount"]);
      expect(amounts.filter((amount) => amount !== undefined)).toEqual(
        Array.from({ length: knownCalls }, () => expect.closeTo(costNanoUsd / 1e9, 12)),
      );
      expect(counted(seen).map(({ attributes }) => attributes["gen_ai.agent.name"])).toEqual(AGENTS_OF_CALLS);
    });

    it("knows who called each agent", () => {
      const callers = seen.calls.filter(({ operation }) => operation === "invoke_agent");
      expect(callers.map(({ agent, caller }) => [agent, caller])).toEqual([
        ["researcher", "supervisor"],
        ["writer", "supervisor"],
        ["supervisor", undefined],
      ]);
    });

    it("says the same in metrics", () => {
      expect(seen.metrics).toMatchObject({
        "gen_ai.client.inference.duration": REQUESTS,
        "gen_ai.client.inference.usage.input_tokens": knownCalls * USAGE.input,
        "gen_ai.client.inference.usage.output_tokens": knownCalls * USAGE.output,
        "agents.cost": expect.closeTo((knownCalls * costNanoUsd) / 1e9, 12),
      });
    });

    it("leaves the peer's spans and what is on them, and adds the agent", () => {
      const peers = seen.spans.filter((span) => scope.test(String(span.scope)));
      expect(peers.map(({ attributes }) => attributes)).toMatchObject(
        AGENTS_OF_CALLS.map((agent) => ({ ...own, "gen_ai.agent.name": agent })),
      );
    });

    it("makes no noise", () => {
      const lines = seen.stderr
        .split("\n")
        .filter((line) => line !== "" && !line.includes(" INFO agent-otel: "));
      expect(lines).toEqual([]);
    });
  });
});

it("lets Langfuse's exporter send its spans, and ours", async () => {
  const { sent } = await runBeside(installBeside("langfuse-2"), { register: true });
  expect(sent).toContain("langfuse.observation.usage_details");
  expect(sent).toContain("gen_ai.agent.name");
  expect(sent).toContain("invoke_agent supervisor");
});

describe.concurrent("npm install", () => {
  const tarball = new Tarball();
  afterAll(() => tarball[Symbol.dispose]());

  it.each(COMBINATIONS)("takes us beside $peer on an SDK of $train", async ({ folder }) => {
    expect(await npmResolves(join(root, "test/stack/beside", folder), [tarball.file])).toEqual({
      installs: true,
    });
  });

  it.each(CONFLICTS)("has conflicts without us: $reason", async ({ packages }) => {
    expect(await npmResolves(packages, [])).toEqual({ installs: false, code: "ERESOLVE" });
  });
});
