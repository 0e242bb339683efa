import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { edges } from "../../grafana/src/queries/graph.ts";
import { type Asked, askedBy, DashboardQuestions } from "./support/dashboard-asking.ts";
import { hasNothingFor, mayBeEmpty } from "./support/dashboard-exceptions.ts";
import {
  type Dashboard,
  type Panel,
  prometheusTargets,
  shippedDashboards,
} from "./support/dashboard-file.ts";
import { type PrometheusAnswers, prometheusAnswers } from "./support/dashboard-prometheus.ts";
import { type EverythingRun, runEverything } from "./support/dashboard-run.ts";
import { type Chosen, interpolated, type ShownTime } from "./support/dashboard-text.ts";
import { type Choices, choicesOf, opened } from "./support/dashboard-values.ts";
import { eventually } from "./support/eventually.ts";
import type { Counts } from "./support/ledger.ts";
import { type Frame, nodeGraph, rowsOf, tableFrames, transformed } from "./support/node-graph-frames.ts";
import { type Stack, stackUp } from "./support/stack.ts";

// The dashboards as they are shipped, on a run of everything: what Grafana would ask is asked of a real Prometheus.
const dashboards = shippedDashboards();
const overview = dashboards.find(({ uid }) => uid === "agent-otel-overview")!;
const graphPanels = (dashboard: Dashboard): readonly Panel[] =>
  dashboard.panels.filter(
    ({ type, targets = [] }) => type === "nodeGraph" && targets.some(({ expr }) => expr),
  );

let stack: Stack;
let run: EverythingRun;
let prometheus: PrometheusAnswers;
let jaeger: string;
/** Up to the last scrape of the SDK's metrics, and of what is made from spans: `increase` has nothing to estimate there. */
let sdkTime: ShownTime;
let spansTime: ShownTime;
const choices = new Map<Dashboard, readonly Choices[]>();

const inBooks = (...books: readonly Counts[]): Counts => Object.assign({}, ...books);

beforeAll(async () => {
  stack = await stackUp(25_530);
  prometheus = prometheusAnswers(stack.endpoint("prometheus", "http"));
  jaeger = stack.endpoint("jaeger", "ui");
  run = await runEverything(stack);
  const { desk, night, office } = run;
  await eventually("every call in Prometheus", async () => {
    sdkTime = await upToLastScrape("agents");
    spansTime = await upToLastScrape("agents-spans");
    const sdk = await graphNow(sdkTime, false);
    const spans = await graphNow(spansTime, false);
    expect(sdk).toMatchObject(inBooks(desk.calls, night.calls));
    expect(spans).toMatchObject(office.calls);
    return true;
  });
  // What one rule makes of another's takes two rounds; then alerts that wait for nothing fire.
  for (let round = 0; round < 2; round++) await everyRuleEvaluatedAfter(Date.now());
  sdkTime = await upToLastScrape("agents");
  spansTime = await upToLastScrape("agents-spans");
  for (const dashboard of dashboards) choices.set(dashboard, await choicesOf(dashboard, prometheus, sdkTime));
});

afterAll(async () => {
  await run?.end();
  await stack?.down();
});

async function everyRuleEvaluatedAfter(atMs: number): Promise<void> {
  await eventually("a round of the rules", async () => {
    const answer = await fetch(`${stack.endpoint("prometheus", "http")}/api/v1/rules`);
    const { data } = (await answer.json()) as {
      readonly data: { readonly groups: readonly { readonly lastEvaluation: string }[] };
    };
    return data.groups.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > atMs) ? true : undefined;
  });
}

async function upToLastScrape(job: string): Promise<ShownTime> {
  const [row] = await prometheus.instant(`timestamp(up{job="${job}"})`, Date.now() / 1_000);
  const toS = Number(row?.value[1]);
  return { fromS: toS - 3_600, toS, stepS: 15, scrapeS: 60 };
}

/** `source|target` → calls, or those that failed. */
async function graphNow(time: ShownTime, failedOnly: boolean): Promise<Counts> {
  const rows = await prometheus.instant(edges({ per: "increase", range: "3600s", failedOnly }), time.toS);
  const counts = rows.map(({ metric, value }) => [
    `${metric["source"]}|${metric["target"]}`,
    Number(value[1]),
  ]);
  return Object.fromEntries(counts.filter(([, count]) => count !== 0));
}

/** The frames that a panel draws. */
async function framesOf(panel: Panel, chosen: Chosen, time: ShownTime): Promise<readonly Frame[]> {
  const answers = [];
  for (const { refId, expr = "" } of panel.targets ?? [])
    answers.push([refId, await prometheus.instant(interpolated(expr, chosen, time), time.toS)] as const);
  return transformed(tableFrames(answers), panel);
}

it("there are five dashboards", () => {
  expect(dashboards.map(({ uid }) => uid)).toEqual([
    "agent-otel-agent",
    "agent-otel-cost",
    "agent-otel-overview",
    "agent-otel-resilience",
    "agent-otel-telemetry",
  ]);
});

describe.each(dashboards.map((dashboard) => [dashboard.title, dashboard] as const))("%s", (_, dashboard) => {
  const all = askedBy(dashboard).filter(({ target }) => !mayBeEmpty(target));
  const asking = (): DashboardQuestions => new DashboardQuestions(prometheus, sdkTime);
  const choosable = (): readonly Choices[] =>
    choices.get(dashboard)!.filter(({ variable }) => variable.type === "query" || variable.type === "custom");
  const about = (name: string): readonly Asked[] =>
    all.filter(({ target }) => new RegExp(`\\$\\{?${name}\\b`).test(target.expr ?? ""));

  it("has values for every variable", () => {
    const empty = choices.get(dashboard)!.filter(({ values }) => values.length === 0);
    expect(empty.map(({ variable }) => variable.name)).toEqual([]);
  });

  it("has data in every query, annotations included, with all chosen", async () => {
    expect(await asking().empty(all, opened(choices.get(dashboard)!))).toEqual([]);
  });

  it("has data for every single value of every variable, and for some value in every query", async () => {
    const questions = asking();
    const without: string[] = [];
    for (const { variable, values } of choosable()) {
      const asked = about(variable.name);
      let never = asked.map(({ where }) => where);
      for (const value of values) {
        const chosen = opened(choices.get(dashboard)!, { name: variable.name, value });
        const empty = await questions.empty(asked, chosen);
        if (asked.length > 0 && empty.length === asked.length && !hasNothingFor(dashboard, value))
          without.push(`${variable.name}=${value}`);
        never = never.filter((where) => empty.includes(where));
      }
      without.push(...never.map((where) => `${where} for any ${variable.name}`));
    }
    expect(without).toEqual([]);
  });

  it("leads from its exemplars to traces that Jaeger has", async () => {
    const chosen = opened(choices.get(dashboard)!);
    for (const [{ title }, { expr = "" }] of prometheusTargets(dashboard).filter(
      ([, each]) => each.exemplar,
    )) {
      const series = await prometheus.exemplars(interpolated(expr, chosen, sdkTime), sdkTime);
      const ids = series.flatMap(({ exemplars }) =>
        exemplars.flatMap(({ labels }) => labels["trace_id"] ?? []),
      );
      expect(ids.length, `exemplars of ${title}`).toBeGreaterThan(0);
      for (const id of ids.slice(0, 5))
        expect((await fetch(`${jaeger}/api/traces/${id}`)).status, `trace ${id} of ${title}`).toBe(200);
    }
  });

  it("draws graphs that keep the rules of the Node Graph, whatever is chosen", async () => {
    for (const panel of graphPanels(dashboard)) {
      const single = choosable().flatMap(({ variable: { name }, values }) =>
        values.map((value) => ({ name, value })),
      );
      for (const only of [undefined, ...single]) {
        const frames = await framesOf(panel, opened(choices.get(dashboard)!, only), sdkTime);
        // Somebody who calls nobody, and whom nobody calls, has no graph.
        if (frames.length === 0) continue;
        const { nodes, edges } = nodeGraph(frames);
        const ids = rowsOf(nodes).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).not.toContain(undefined);
        const ends = rowsOf(edges).flatMap(({ source, target }) => [source, target]);
        expect(ends.filter((end) => !ids.includes(end))).toEqual([]);
        expect(new Set(rowsOf(edges).map(({ id }) => id)).size).toBe(rowsOf(edges).length);
        for (const node of rowsOf(nodes)) {
          const arcs = Object.entries(node).filter(([name]) => name.startsWith("arc__"));
          expect(arcs.reduce((sum, [, share]) => sum + Number(share), 0)).toBeCloseTo(1, 9);
          expect(Number.isFinite(node["mainstat"])).toBe(true);
        }
      }
    }
  });
});

describe("overview equals the books of the run", () => {
  it("in cost, to the nano-dollar", async () => {
    const [, target] = prometheusTargets(overview).find(([{ title }]) => title === "Cost today")!;
    const query = interpolated(target.expr!, opened(choices.get(overview)!), sdkTime);
    const [row] = await prometheus.instant(query, sdkTime.toS);
    const nanoUsd = [run.desk, run.night].flatMap(({ costNanoUsd }) => Object.values(costNanoUsd));
    expect(Number(row?.value[1])).toBeCloseTo(nanoUsd.reduce((a, b) => a + b, 0) / 1e9, 9);
  });

  it("in the calls of every edge, and in those that failed", async () => {
    const drawn = async (time: ShownTime, apps: readonly { calls: Counts; failures: Counts }[]) => {
      const calls = inBooks(...apps.map((books) => books.calls));
      const failures = inBooks(...apps.map((books) => books.failures));
      const [panel] = graphPanels(overview);
      const { edges } = nodeGraph(await framesOf(panel!, opened(choices.get(overview)!), time));
      const rows = rowsOf(edges).filter(({ source, target }) => `${source}|${target}` in calls);
      const told = rows.map(({ source, target, mainstat, secondarystat }) => ({
        edge: `${source}|${target}`,
        calls: mainstat,
        percentFailed: secondarystat,
      }));
      const expected = Object.entries(calls).map(([edge, count]) => ({
        edge,
        calls: count,
        percentFailed: Math.round((1_000 * (failures[edge] ?? 0)) / count) / 10,
      }));
      const byEdge = (a: { edge: string }, b: { edge: string }): number => (a.edge < b.edge ? -1 : 1);
      expect(told.sort(byEdge)).toEqual(
        expected
          .sort(byEdge)
          .map((each) => ({ ...each, percentFailed: expect.closeTo(each.percentFailed, 6) })),
      );
      return rowsOf(edges).map(({ source, target }) => `${source}|${target}`);
    };
    const found = await drawn(sdkTime, [run.desk, run.night]);
    await drawn(spansTime, [run.office]);
    const booked = [run.desk, run.night, run.office].flatMap(({ calls }) => Object.keys(calls));
    expect(found.filter((edge) => !booked.includes(edge))).toEqual([]);
  });

  it("in failures, exactly", async () => {
    expect(await graphNow(sdkTime, true)).toMatchObject(inBooks(run.desk.failures, run.night.failures));
    expect(await graphNow(spansTime, true)).toMatchObject(run.office.failures);
  });
});

describe("the graph of kept traces", () => {
  it("is in Jaeger, with the calls of every agent whose spans all came", async () => {
    const calls = inBooks(run.desk.calls, run.office.calls);
    const inner = Object.entries(calls).filter(([edge]) => !/^(user|desk)\||_OTHER/.test(edge));
    await eventually(
      "Jaeger's dependencies",
      async () => {
        const answer = await fetch(
          `${jaeger}/api/dependencies?endTs=${Date.now() + 60_000}&lookback=3600000`,
        );
        const { data } = (await answer.json()) as {
          readonly data: readonly { parent: string; child: string; callCount: number }[];
        };
        const found = Object.fromEntries(
          data.map((link) => [`${link.parent}|${link.child}`, link.callCount]),
        );
        expect(found).toMatchObject(Object.fromEntries(inner));
        return true;
      },
      30_000,
    );
  });
});
