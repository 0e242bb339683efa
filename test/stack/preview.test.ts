import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPage } from "../../grafana/preview/page.ts";
import { type Preview, servePreview } from "../../grafana/preview/serve.ts";
import { mayBeEmpty } from "../../scripts/check-shipped/checks/may-be-empty.ts";
import { dashboardsOf, queriesOf } from "../../scripts/check-shipped/grafana/dashboard.ts";
import { readShipped } from "../../scripts/check-shipped/shipped.ts";
import { makeTools } from "../../scripts/check-shipped/tools/make-tools.ts";
import { installPreview } from "../../scripts/check-shipped/tools/preview-install.ts";
import { root } from "../contract/source-files.ts";
import { startChromium } from "./support/chromium.ts";
import { until } from "./support/page-visit.ts";

const PORT = 25_600;
const PICTURES = join(root, "test-output/grafana");
const shipped = readShipped(root);
const dashboards = dashboardsOf(shipped);
const say = (line: string) => console.error(line);
const tools = makeTools({ shipped, recorded: join(root, "test/fixtures/recorded-run.openmetrics.gz"), say });
let preview: Preview;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  installPreview(say);
  preview = await servePreview({
    page: await buildPage(),
    shipped,
    run: await tools.recordedRun(),
    port: PORT,
  });
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await preview?.close();
  await tools.close();
});

interface Drawn {
  readonly id: number;
  readonly title: string;
  readonly state: string;
  readonly rows: number;
  /** Characters and marks that are to be seen, below the title. */
  readonly marks: number;
}

const READ = `[...document.querySelectorAll("[data-panel]")].map((section) => {
  const { panel, title, state, rows } = section.dataset;
  const marks = section.textContent.length - title.length + section.querySelectorAll("canvas").length;
  return { id: Number(panel), title, state, rows: Number(rows), marks };
})`;

const TABLES_DRAWN = `[...document.querySelectorAll('[role="grid"]')].every((grid) => grid.querySelector('[role="gridcell"]') !== null)`;

/** Draws a board, keeps a picture of it and returns what was thrown. */
async function draw(
  uid: string,
  theme: "light" | "dark",
  words = "",
): Promise<{ page: Page; thrown: readonly string[] }> {
  const context = await browser.newContext({
    viewport: { width: 1640, height: 1000 },
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const thrown: string[] = [];
  page.on("pageerror", ({ message }) => thrown.push(message));
  await page.goto(`${preview.url}/?board=${uid}&theme=${theme}${words}`);
  await until(page, `document.querySelector("[data-panel]") !== null`, 60_000);
  await until(page, `document.querySelector('[data-state="waiting"]') === null`, 60_000);
  // Tables draw the rows that can be seen.
  const height = (await page.evaluate("document.documentElement.scrollHeight")) as number;
  await page.setViewportSize({ width: 1640, height });
  await until(page, TABLES_DRAWN, 30_000);
  await page.screenshot({
    path: join(PICTURES, `${uid}${words.replaceAll(/\W+/g, "-")}-${theme}.png`),
    fullPage: true,
  });
  return { page, thrown };
}

describe.each(dashboards.map((dashboard) => [dashboard.uid, dashboard] as const))("%s", (uid, dashboard) => {
  it.each(["light", "dark"] as const)(
    "is drawn by Grafana's own parts in the %s theme, every panel with data",
    async (theme) => {
      const { page, thrown } = await draw(uid, theme);
      const drawn = (await page.evaluate(READ)) as readonly Drawn[];
      await page.context().close();

      expect(thrown).toEqual([]);
      expect(drawn).toHaveLength(dashboard.panels.filter(({ type }) => type !== "row").length);
      expect(drawn.filter(({ state }) => state !== "drawn")).toEqual([]);
      const asked = queriesOf(dashboard).filter((query) => mayBeEmpty(query, "") === undefined);
      const mustHaveData = drawn.filter(({ id }) => asked.some(({ panel }) => panel?.id === id));
      expect(mustHaveData.length).toBeGreaterThan(5);
      expect(mustHaveData.filter(({ rows, marks }) => rows === 0 || marks === 0)).toEqual([]);
    },
  );
});

describe("with one agent chosen", () => {
  it("the overview draws that agent alone", async () => {
    const { page, thrown } = await draw("agent-otel-overview", "dark", "&var-agent=planner");
    const text = await page.locator("main").textContent();
    await page.context().close();
    expect(thrown).toEqual([]);
    expect(text).toContain("planner");
    expect(text).not.toContain("night_clerk");
  });
});
