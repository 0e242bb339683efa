import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Statistics } from "../../src/server/api/usage.ts";
import { money } from "../../src/web/format/money.ts";
import { whole } from "../../src/web/format/numbers.ts";
import { startChromium } from "./support/chromium.ts";
import { type Desk, openDesk } from "./support/desk.ts";
import { eventually } from "./support/eventually.ts";
import { pageSuite } from "./support/page-suite.ts";
import { settled, until, type Visit, visit } from "./support/page-visit.ts";

let browser: Browser;
let desk: Desk;

async function ask<T>(path: string): Promise<T> {
  return (await (await fetch(`${desk.url}api/agents/${path}`)).json()) as T;
}

async function shown<T>(hash: string, look: (tab: Visit) => Promise<T>): Promise<T> {
  const tab = await visit(browser, desk.url);
  try {
    await tab.open(hash);
    return await look(tab);
  } finally {
    await tab.context.close();
  }
}

/** Texts of two columns of a table, the first as the name of the second. */
function columns(tab: Visit, table: string, name: string, value: string): Promise<Record<string, string>> {
  return tab.page
    .locator(`${table} tbody tr`)
    .evaluateAll(
      (rows, [nameKey, valueKey]) =>
        Object.fromEntries(
          rows.map((row) =>
            [nameKey, valueKey].map(
              (key) => row.querySelector(`[data-column='${key}']`)?.textContent?.trim() ?? "",
            ),
          ),
        ) as Record<string, string>,
      [name, value],
    );
}

beforeAll(async () => {
  browser = await startChromium();
  desk = await openDesk(24_410);
  await eventually("the last ticket in the database", async () => {
    const { total_requests, model_calls } = await ask<Statistics>("statistics");
    return total_requests === desk.books.requests && model_calls === desk.books.modelCalls ? true : undefined;
  });
  await eventually("the metrics of the last second", async () => {
    const { items } = await ask<{ items: { name: string; used_usd: number }[] }>("budgets");
    return items.some(({ used_usd }) => Math.abs(used_usd - desk.books.costUsd) < 1e-6) ? true : undefined;
  });
});

afterAll(async () => {
  await browser?.close();
  await desk?.end();
});

describe("the first view", () => {
  it("is there within a second of the server, and the server within two of its start", async () => {
    const tab = await visit(browser, desk.url);
    const beganMs = performance.now();
    await tab.page.goto(desk.url);
    await settled(tab.page);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    expect(desk.startMs).toBeLessThan(2_000);
    await tab.context.close();
  });
});

describe("the page shows what the desk has in its own books", () => {
  it("in totals: cost, tokens, requests, failures", async () => {
    const { costUsd, tokens, requests, failedRequests } = desk.books;
    await shown("#/", async (tab) => {
      expect(await tab.fact("cost")).toContain(money(costUsd));
      expect(await tab.fact("tokens")).toBe(whole(tokens));
      expect(await tab.fact("requests")).toBe(whole(requests));
      expect(await tab.fact("failed")).toBe(whole(failedRequests));
    });
  });

  it("in cost to the nano-dollar, where it is not rounded to be read", async () => {
    const { total_cost_usd } = await ask<Statistics>("statistics");
    expect(Math.round(total_cost_usd * 1e9)).toBe(Math.round(desk.books.costUsd * 1e9));
  });

  it("in runs of each agent", async () => {
    const { items } = await ask<{ items: { agent: string; total_requests: number }[] }>("agents");
    expect(Object.fromEntries(items.map((row) => [row.agent, row.total_requests]))).toEqual(
      desk.books.agents,
    );
    const runs = await shown("#/agents", (tab) => columns(tab, "main table", "agent", "runs"));
    expect(runs).toEqual(
      Object.fromEntries(Object.entries(desk.books.agents).map(([name, count]) => [name, whole(count)])),
    );
  });

  it("in the graph: calls of each model and tool", async () => {
    const { nodes } = await ask<{ nodes: { kind: string; name: string; calls: number }[] }>(
      "metrics/interactions",
    );
    const of = (kind: string) =>
      Object.fromEntries(nodes.filter((node) => node.kind === kind).map(({ name, calls }) => [name, calls]));
    const models = Object.entries(desk.books.byModel).map(([name, { calls }]) => [name, calls]);
    expect(of("model")).toEqual(Object.fromEntries(models));
    expect(of("tool")).toMatchObject(desk.books.tools);
  });

  it("in costs by model", async () => {
    await shown("#/costs?by=model", async (tab) => {
      const text = await tab.page.locator("main").textContent();
      for (const { costUsd } of Object.values(desk.books.byModel)) expect(text).toContain(money(costUsd));
    });
  });

  it("in dead letters", async () => {
    const rows = await shown("#/dead-letters", (tab) => tab.page.locator("main tbody tr").count());
    expect(rows).toBe(desk.books.deadLetters);
  });

  it("in budgets", async () => {
    await shown("#/", async (tab) => {
      const text = await tab.page.locator(".budgets").textContent();
      expect(text).toContain(`${money(desk.books.costUsd)} of ${money(1)}`);
    });
  });

  it("in the breaker that opened, and the search that went in circles", async () => {
    await shown("#/", async (tab) => {
      const text = await tab.page.locator("main").textContent();
      expect(text).toMatch(/technical[\s\S]*open/);
      expect(text).toContain("step repetition");
    });
  });

  it("in the log lines of a trace", async () => {
    const { items } = await ask<{ items: { trace_id: string }[] }>("traces?text=ticket&limit=1");
    await shown(`#/traces/${items[0]?.trace_id}`, async (tab) => {
      expect(await tab.page.locator("main").textContent()).toMatch(/ticket (answered|\d+ was given up)/);
    });
  });
});

pageSuite("demo", () => ({ browser, url: desk.url }));

// Last, since it changes what the desk did.
describe("what is done on the page reaches the desk", () => {
  async function tokenTab(hash: string): Promise<Visit> {
    const tab = await visit(browser, desk.url);
    await tab.page.goto(desk.urlWithToken);
    await settled(tab.page);
    await tab.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await until(tab.page, `location.hash === ${JSON.stringify(hash)}`);
    await settled(tab.page);
    return tab;
  }

  it("closes its breaker", async () => {
    const { page, context } = await tokenTab("#/breakers");
    await page.getByRole("button", { name: "Reset breaker technical" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.getByText("It is closed now.").waitFor();
    await eventually("the transition in its ledger", async () => {
      const { items } = await ask<{ items: { kind: string; to: string | null }[] }>("ledger?limit=10");
      return items.some(({ kind, to }) => kind === "transition" && to === "closed") ? true : undefined;
    });
    await context.close();
  });

  it("replays a dead letter, which is resolved then", async () => {
    const { page, context } = await tokenTab("#/dead-letters");
    await page.getByRole("button", { name: "Replay" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "Replay" }).click();
    await page.getByText("It is asked for").waitFor();
    await eventually("the letter resolved", async () => {
      const { items } = await ask<{ items: unknown[] }>("dead-letters?resolved=true");
      return items.length === 1 ? true : undefined;
    });
    await context.close();
  });
});
