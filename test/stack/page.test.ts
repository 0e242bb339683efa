import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../contract/source-files.ts";
import { startChromium } from "./support/chromium.ts";
import { hostileTexts } from "./support/hostile-texts.ts";
import { type PageFixture, pageFixture, TOKEN } from "./support/page-fixture.ts";
import { pageSuite } from "./support/page-suite.ts";
import {
  seriousIssues,
  settled,
  tooWide,
  until,
  type Visit,
  type VisitOptions,
  visit,
} from "./support/page-visit.ts";

const PORT = 24_310;
let browser: Browser;
let server: PageFixture;
let tabs: Visit[] = [];

beforeAll(async () => {
  browser = await startChromium();
  server = await pageFixture(PORT, join(root, "dist/web"), Date.now());
});
afterEach(async () => {
  for (const { context } of tabs) await context.close();
  tabs = [];
  server.setEmpty(false);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function tab(hash: string, options: VisitOptions = {}): Promise<Visit> {
  const opened = await visit(browser, server.url, options);
  tabs.push(opened);
  await opened.open(hash);
  return opened;
}

pageSuite("page", () => ({ browser, url: server.url }));

describe("evaluations", () => {
  it("stand with the span that they are about, and fit into the page", async () => {
    const { items } = (await (await fetch(`${server.url}api/agents/traces?limit=1`)).json()) as {
      items: readonly { trace_id: string }[];
    };
    const { page, complaints } = await tab(`#/traces/${items[0]!.trace_id}`);
    const row = page.locator(".span-row", { hasText: "chat" }).first();
    expect(await row.locator(".span-evaluated").textContent()).toBe("0.83 +1");
    await row.click();
    const shown = await page.locator(".evaluations > li").allInnerTexts();
    expect(shown[0]).toMatch(/^relevance\s+0\.83\s+relevant\s[\s\S]*Names the river/);
    expect(shown[1]).toContain(hostileTexts.markup);
    expect([await tooWide(page), complaints]).toEqual([0, []]);
  });
});

describe("the first view", () => {
  it("is there within a second, without the chunks of charts and graph", async () => {
    const opened = await visit(browser, server.url);
    tabs.push(opened);
    const files: string[] = [];
    opened.page.on("request", (request) => files.push(new URL(request.url()).pathname));
    const beganMs = performance.now();
    await opened.page.goto(server.url);
    await settled(opened.page);
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    expect(files.filter((file) => /draw-/.test(file))).toEqual([]);
  });
});

describe("what the server sends is text", () => {
  it.each([
    "#/",
    "#/graph",
    "#/agents",
    `#/agents/${encodeURIComponent(hostileTexts.markup)}`,
    "#/breakers",
    "#/failures",
    "#/dead-letters",
  ])("on %s", async (hash) => {
    const { page, complaints } = await tab(hash);
    expect(await page.locator("main img, main script, main [onerror]").count()).toBe(0);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.getByText("<img src=x").count()).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it("in a trace: names, attributes, log lines", async () => {
    const found = (await (await fetch(`${server.url}api/agents/traces?limit=5`)).json()) as {
      readonly items: readonly { readonly trace_id: string }[];
    };
    const { page, complaints } = await tab(`#/traces/${found.items[3]!.trace_id}`, { width: 390 });
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("main [href^='javascript']").count()).toBe(0);
    expect(await tooWide(page)).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe("without any data", () => {
  it.each(["#/", "#/graph", "#/agents", "#/traces", "#/costs", "#/breakers", "#/failures", "#/dead-letters"])(
    "%s says what to do, and is accessible",
    async (hash) => {
      server.setEmpty(true);
      const { page, complaints } = await tab(hash);
      expect(await page.locator(".empty").count()).toBeGreaterThan(0);
      expect(await seriousIssues(page)).toEqual([]);
      expect(complaints).toEqual([]);
    },
  );

  it("the overview has the commands that send telemetry here", async () => {
    server.setEmpty(true);
    const { page } = await tab("#/");
    expect(await page.getByText("node --import agent-otel/register app.js").count()).toBe(1);
  });
});

describe("writes", () => {
  async function withToken(hash: string): Promise<Visit> {
    const opened = await tab(`#token=${TOKEN}`);
    expect(new URL(opened.page.url()).hash).toBe("#/");
    await opened.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
    await until(opened.page, "document.title !== 'Overview · agent-otel'");
    await settled(opened.page);
    return opened;
  }

  it("reset a breaker after a confirmation", async () => {
    const { page } = await withToken("#/breakers");
    await page.getByRole("button", { name: "Reset breaker writer" }).click();
    expect(server.posts).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.getByText("It is closed now.").waitFor();
    expect(server.posts.at(-1)).toEqual({ path: "circuit-breakers/writer/reset", body: { actor: "page" } });
  });

  it("are not offered for a breaker that is out of reach; its command is", async () => {
    const { page } = await withToken("#/breakers");
    await page.getByRole("button", { name: "Reset breaker openai" }).click();
    await page.getByRole("dialog").getByText("curl -X POST").waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Reset", exact: true }).count()).toBe(
      0,
    );
  });

  it("replay a dead letter whose id holds a slash", async () => {
    const { page } = await withToken("#/dead-letters?queue=emails");
    await page.getByRole("button", { name: "Replay" }).nth(1).click();
    await page.getByRole("dialog").getByRole("button", { name: "Replay" }).click();
    await page.getByText("It is asked for").waitFor();
    expect(server.posts.at(-1)?.path).toBe(`dead-letters/emails/${encodeURIComponent("billing/Ω 7")}/replay`);
  });

  it("resolve a dead letter with what was done", async () => {
    const { page } = await withToken("#/dead-letters");
    await page.getByRole("button", { name: "Resolve" }).first().click();
    await page.getByLabel("What was done about it").fill("sent by hand");
    await page.getByRole("dialog").getByRole("button", { name: "Resolve" }).click();
    await page.getByText("It is resolved.").waitFor();
    expect(server.posts.at(-1)?.body).toEqual({ resolution: "sent by hand" });
  });

  it("show the command to run where the server cannot do it", async () => {
    server.refuse("circuit-breakers/writer/reset", 409, { command: "npx agent-otel reset writer" });
    const { page } = await withToken("#/breakers");
    await page.getByRole("button", { name: "Reset breaker writer" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Reset" }).click();
    await page.getByText("npx agent-otel reset writer").waitFor();
    server.refuse("circuit-breakers/writer/reset");
  });

  it("tell where the token is, in a tab without one", async () => {
    const { page } = await tab("#/breakers");
    await page.getByRole("button", { name: "Reset breaker writer" }).click();
    await page.getByText("This tab may only read.").waitFor();
    expect(await page.getByRole("dialog").getByRole("button", { name: "Reset" }).isDisabled()).toBe(true);
    expect(await seriousIssues(page)).toEqual([]);
  });
});

describe("a server that fails", () => {
  it("is told in place, with a way to try again", async () => {
    server.refuse("budgets", 503);
    const { page } = await tab("#/");
    await page.getByText("Problem 503").waitFor();
    server.refuse("budgets");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("experiments").waitFor();
  });

  it("may refuse to be read", async () => {
    server.refuse("agents", 403);
    const { page } = await tab("#/agents");
    await page.getByText("Problem 403").waitFor();
    server.refuse("agents");
  });

  it("is asked every 5 s where live updates fail", async () => {
    server.refuse("live", 503);
    const { page } = await tab("#/");
    await page.getByText("Every 5 s").waitFor();
    server.refuse("live");
  });

  it("leaves what was shown, marked as old, and is followed again when it is back", async () => {
    const own = await pageFixture(PORT + 1, join(root, "dist/web"), Date.now());
    const opened = await visit(browser, own.url);
    tabs.push(opened);
    await opened.open("#/");
    const cost = await opened.fact("cost");
    await own.close();
    await opened.page.getByText("The server does not answer.").waitFor({ timeout: 20_000 });
    expect(await opened.fact("cost")).toBe(cost);
    const again = await pageFixture(PORT + 1, join(root, "dist/web"), Date.now());
    await opened.page
      .getByText("The server does not answer.")
      .waitFor({ state: "detached", timeout: 20_000 });
    await again.close();
  });
});

describe("changes", () => {
  it("appear by themselves", async () => {
    const { page } = await tab("#/dead-letters");
    server.setEmpty(true);
    server.change();
    await page.getByText("No dead letters").waitFor({ timeout: 10_000 });
  });
});

describe("the keyboard", () => {
  it("opens the search with a slash from any view", async () => {
    const { page } = await tab("#/");
    await page.keyboard.press("/");
    await until(page, "document.activeElement?.getAttribute('type') === 'search'");
    expect(new URL(page.url()).hash).toBe("#/traces");
  });

  it("skips the navigation", async () => {
    const { page } = await tab("#/traces");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement?.id")).toBe("main");
    expect(new URL(page.url()).hash).toBe("#/traces");
  });

  it("moves in the spans of a trace, and closes and opens them", async () => {
    const { page } = await tab("#/traces");
    await page.locator("td[data-column='name'] a").nth(1).click();
    const tree = page.getByRole("tree");
    await tree.waitFor();
    const rows = await page.getByRole("treeitem").count();
    await tree.focus();
    await page.keyboard.press("ArrowDown");
    await until(page, "document.querySelectorAll('.span-row')[1]?.ariaSelected === 'true'");
    await page.keyboard.press("ArrowLeft");
    await until(page, "document.querySelectorAll('.span-row').length === 2");
    await page.keyboard.press("ArrowRight");
    await until(page, `document.querySelectorAll('.span-row').length === ${rows}`);
  });

  it("leads to the heading of a view that is opened", async () => {
    const { page } = await tab("#/");
    await page.getByRole("link", { name: "Costs" }).press("Enter");
    // The view before it has a heading too, so the title is waited for first.
    await until(page, "document.title === 'Costs · agent-otel'");
    await until(page, "document.activeElement?.textContent === 'Costs'");
  });
});

describe("searches", () => {
  it("stand in the address, and lead on page by page", async () => {
    const { page } = await tab("#/traces");
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBe(50);
    await page.getByRole("button", { name: "Show more" }).click();
    await until(page, "document.querySelectorAll('tbody tr').length === 100");
    await page.getByRole("searchbox").fill("newsletter");
    await until(page, "location.hash.includes('text=newsletter')");
    await page.getByLabel("With errors").check();
    await until(page, "document.querySelectorAll('tbody tr').length === 10");
  });
});

describe("a theme", () => {
  it("that is chosen stays, and is not that of the system", async () => {
    const { page } = await tab("#/");
    const toggle = page.getByRole("button", { name: /^Theme/ });
    await toggle.click();
    await until(page, "document.documentElement.dataset.theme === 'light'");
    await toggle.click();
    await until(page, "document.documentElement.dataset.theme === 'dark'");
    await page.reload();
    await settled(page);
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
  });
});
