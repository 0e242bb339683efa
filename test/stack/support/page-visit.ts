import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as wait } from "node:timers/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export interface VisitOptions {
  readonly theme?: "light" | "dark";
  readonly width?: number;
}

/** A tab with the page. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console said at the levels error and warning, and what was thrown. */
  readonly complaints: string[];
  /** Opens a view and waits until its data are there. @param hash `#/traces` */
  open(hash: string): Promise<void>;
  /** The text of a number on the page. */
  fact(name: string): Promise<string>;
}

export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { theme = "light", width = 1280 } = options;
  const context = await browser.newContext({
    viewport: { width, height: width < 600 ? 844 : 860 },
    colorScheme: theme,
    reducedMotion: "reduce",
    timezoneId: "UTC",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.message}`));
  return {
    page,
    context,
    complaints,
    async open(hash) {
      await page.goto("about:blank");
      await page.goto(`${url}${hash}`);
      await settled(page);
    },
    fact: async (name) => ((await page.locator(`[data-fact="${name}"]`).textContent()) ?? "").trim(),
  };
}

/** Until nothing is loaded any more and what is drawn is drawn. */
export async function settled(page: Page): Promise<void> {
  await until(page, "document.querySelector('h1') !== null");
  await until(page, "document.querySelector('.skeleton, .wait, .waiting') === null");
  await until(
    page,
    "[...document.querySelectorAll('.plot')].every((one) => one.querySelector('canvas') !== null)",
  );
  await until(page, "document.querySelector('[data-drawn=\"false\"]') === null");
}

/** Until an expression is true in the page. Playwright's own wait would need `eval` there, which the page forbids. */
export async function until(page: Page, expression: string, timeoutMs = 10_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while ((await page.evaluate(expression)) !== true) {
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${expression}`);
    await wait(20);
  }
}

/** What axe finds at the levels serious and critical. */
export async function seriousIssues(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const result = (await page.evaluate("axe.run()")) as {
    readonly violations: readonly {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string }[];
    }[];
  };
  return result.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

/** Pixels that the page is too wide by. */
export async function tooWide(page: Page): Promise<number> {
  return (await page.evaluate(
    "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)",
  )) as number;
}
