import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { AgentDetail, AgentList, Graph, SystemHealth } from "../../../src/server/api/agents.ts";
import type { TraceDetail, TraceRow } from "../../../src/server/api/traces.ts";
import type { Statistics, TokenStats } from "../../../src/server/api/usage.ts";
import { duration } from "../../../src/web/format/duration.ts";
import { cost } from "../../../src/web/format/money.ts";
import { whole } from "../../../src/web/format/numbers.ts";
import { root } from "../../contract/source-files.ts";
import { seriousIssues, tooWide, visit } from "./page-visit.ts";

export interface PageUnderTest {
  readonly browser: Browser;
  /** With a slash at its end. */
  readonly url: string;
}

const VIEWS = [
  "overview",
  "graph",
  "agents",
  "agent",
  "traces",
  "trace",
  "costs",
  "breakers",
  "failures",
  "dead-letters",
];
const LOOKS = (["light", "dark"] as const).flatMap((theme) => [1280, 390].map((width) => ({ theme, width })));

/**
 * What the page promises over any server with data: each view without complaints, and the numbers that the server tells.
 *
 * @param name Of the folder below test-output/ that screenshots go to.
 */
export function pageSuite(name: string, under: () => PageUnderTest): void {
  const ask = async <T>(path: string) =>
    (await (await fetch(`${under().url}api/agents/${path}`)).json()) as T;
  const output = join(root, "test-output", name);

  async function hashOf(view: string): Promise<string> {
    if (view === "overview") return "#/";
    if (view === "costs") return "#/costs?model=gpt-5-mini";
    if (view === "agent") {
      const { items } = await ask<AgentList>("agents");
      return `#/agents/${encodeURIComponent(items[0]!.agent)}`;
    }
    if (view === "trace") {
      const { items } = await ask<{ readonly items: readonly TraceRow[] }>("traces?limit=20");
      return `#/traces/${(items.find(({ errors }) => errors > 0) ?? items[0]!).trace_id}`;
    }
    return `#/${view}`;
  }

  describe.each(LOOKS)("in $theme at $width px", ({ theme, width }) => {
    it.each(VIEWS)("%s complains about nothing, is accessible, and fits", async (view) => {
      const { browser, url } = under();
      const tab = await visit(browser, url, { theme, width });
      try {
        await tab.open(await hashOf(view));
        mkdirSync(output, { recursive: true });
        await tab.page.screenshot({ path: join(output, `${view}-${theme}-${width}.png`), fullPage: true });
        expect(await seriousIssues(tab.page)).toEqual([]);
        expect(await tooWide(tab.page)).toBe(0);
        expect(tab.complaints).toEqual([]);
      } finally {
        await tab.context.close();
      }
    });
  });

  describe("the numbers on the page are those of the server", () => {
    it.each(["hourly", "daily", "weekly", "monthly"])("totals, %s", async (period) => {
      const all = await ask<Statistics>(`statistics?period=${period}`);
      const tab = await visit(under().browser, under().url);
      await tab.open(`#/?period=${period}`);
      const said = cost({ usd: all.total_cost_usd, tokens: all.total_tokens, unpriced: all.unpriced_calls });
      expect(await tab.fact("cost")).toContain(said);
      expect(await tab.fact("tokens")).toBe(whole(all.total_tokens));
      expect(await tab.fact("requests")).toBe(whole(all.total_requests));
      expect(await tab.fact("failed")).toBe(whole(all.failed));
      expect(await tab.fact("p95")).toBe(duration(all.p95_duration_ms));
      await tab.context.close();
    });

    it("health of each agent", async () => {
      const { agents } = await ask<SystemHealth>("health");
      const tab = await visit(under().browser, under().url);
      await tab.open("#/");
      const rows = tab.page.locator("section[aria-label='Health of each agent'] tbody tr");
      const shown = await rows.evaluateAll((list) =>
        list.map((row) => [
          row.querySelector("td a")?.getAttribute("title"),
          row.querySelector(".score-value")?.textContent,
        ]),
      );
      expect(shown).toEqual(
        agents.map(({ agent, score }) => [agent, score === null ? "unknown" : String(Math.round(score))]),
      );
      await tab.context.close();
    });

    it("one agent", async () => {
      const hash = await hashOf("agent");
      const { stats, usage } = await ask<AgentDetail>(hash.slice(2));
      const tab = await visit(under().browser, under().url);
      await tab.open(hash);
      expect(await tab.fact("agent-runs")).toBe(whole(stats.total_requests));
      expect(await tab.fact("agent-tokens")).toBe(whole(usage.tokens));
      expect(await tab.fact("agent-cost")).toContain(
        cost({ usd: usage.cost_usd, tokens: usage.tokens, unpriced: usage.unpriced_calls }),
      );
      await tab.context.close();
    });

    it("one trace, with each of its first spans", async () => {
      const hash = await hashOf("trace");
      const trace = await ask<TraceDetail>(hash.slice(2));
      const tab = await visit(under().browser, under().url);
      await tab.open(hash);
      expect(await tab.fact("trace-duration")).toBe(duration(trace.duration_ms));
      expect(await tab.fact("trace-tokens")).toBe(whole(trace.tokens));
      expect(await tab.fact("trace-errors")).toBe(whole(trace.errors));
      const names = await tab.page.locator(".span-row .cut").allInnerTexts();
      for (const { name } of trace.span_list.slice(0, 10)) expect(names).toContain(name);
      await tab.context.close();
    });

    it("costs", async () => {
      const { total } = await ask<TokenStats>("token-stats?by=agent");
      const tab = await visit(under().browser, under().url);
      await tab.open("#/costs");
      const said = await tab.fact("costs-total");
      expect(said).toContain(
        cost({ usd: total.cost_usd, tokens: total.tokens, unpriced: total.unpriced_calls }),
      );
      expect(said).toContain(`${whole(total.tokens)} tokens in ${whole(total.calls)} calls`);
      await tab.context.close();
    });

    it("calls of each edge of the graph", async () => {
      const { edges } = await ask<Graph>("metrics/interactions");
      const tab = await visit(under().browser, under().url);
      await tab.open("#/graph");
      const shown = await tab.page.locator("td[data-column='calls']").allInnerTexts();
      expect(shown.toSorted()).toEqual(edges.map(({ calls }) => whole(calls)).toSorted());
      await tab.context.close();
    });
  });
}
