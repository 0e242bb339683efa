import { describe, expect, it } from "vitest";
import { variable } from "../../../grafana/src/panels/variable.ts";
import { boards, panels, texts } from "./support/boards.ts";

const uids = boards.map(({ uid }) => uid);
const all = texts.flatMap((text, index) =>
  [...text.matchAll(/"url": "([^"]+)"/g)].map(([, url]) => [boards[index]!.uid, url!] as const),
);
const variablesOf = (uid: string) =>
  boards.find((board) => board.uid === uid)!.templating.list.map(({ name }) => name);

describe("links", () => {
  it.each(all)("%s: %s leads to a shipped board or to Jaeger", (_, url) => {
    const board = /^\/d\/([^?]+)/.exec(url)?.[1];
    if (board === undefined) expect(url).toMatch(/^\$\{jaeger_url\}\/search\?/);
    else expect([...uids, variable("__data.fields.board")]).toContain(board);
  });

  it.each(all.filter(([, url]) => url.includes("?")))("%s: %s keeps the time", (_, url) => {
    if (url.startsWith("/d/")) expect(url).toContain(variable("__url_time_range"));
    else expect(url).toMatch(/lookback=custom&start=\$\{__from\}000&end=\$\{__to\}000$/);
  });

  it.each(all)("%s: %s uses only variables of its board", (uid, url) => {
    for (const [, name] of url.matchAll(/\$\{(?!__)(\w+)[:}]/g)) expect(variablesOf(uid)).toContain(name);
  });

  it("lead from every board to every other one with its time and variables, and to Jaeger", () => {
    for (const { uid, links } of boards) {
      const others = links.filter(({ url }) => url.startsWith("/d/"));
      expect(others.map(({ url }) => url.slice(3)).sort()).toEqual(
        uids.filter((other) => other !== uid).sort(),
      );
      expect(others.every(({ keepTime, includeVars }) => keepTime && includeVars)).toBe(true);
      expect(links.some(({ url }) => url.startsWith(variable("jaeger_url")))).toBe(true);
    }
  });

  it("are shown, and not put into a menu", () => {
    for (const text of texts) expect(text).not.toContain("inControlsMenu");
  });

  it("stand on every series and row that is an agent", () => {
    const ofAgents = panels.filter(([, { targets = [] }]) =>
      targets.some(({ expr = "" }) =>
        /^(?:60 \* )?(?:sort\(.*|label_replace\()?(?:sum|min|max) by \(gen_ai_agent_name\)/.test(expr),
      ),
    );
    expect(ofAgents.length).toBeGreaterThan(3);
    for (const [where, panel] of ofAgents.filter(([, { type }]) => type !== "stat")) {
      const links = panel.fieldConfig?.defaults.links ?? [];
      expect(
        links.some(({ url }) => url.includes("/d/agent-otel-agent")),
        where,
      ).toBe(true);
    }
  });
});

describe("annotations", () => {
  it("say of every alert that fired which board shows more", () => {
    for (const { annotations } of boards) {
      expect(annotations.list.length).toBeGreaterThan(0);
      for (const { expr, textFormat } of annotations.list) {
        expect(textFormat).toContain('href="/d/{{board}}');
        const named = [...expr.matchAll(/"board", "([^"]+)"/g)].map(([, uid]) => uid);
        expect(named.length).toBeGreaterThan(3);
        for (const uid of named) expect(uids).toContain(uid);
      }
    }
  });
});

describe("exemplars", () => {
  it.each(["agent-otel-overview", "agent-otel-agent"])(
    "%s shows the traces of single runs on durations",
    (uid) => {
      const withTraces = panels.filter(
        ([, { targets = [] }, board]) =>
          board.uid === uid && targets.some(({ exemplar }) => exemplar === true),
      );
      expect(withTraces).toHaveLength(1);
      for (const { expr = "", exemplar } of withTraces[0]![1].targets ?? []) {
        if (exemplar === true) expect(expr).toContain("traces_span_metrics_duration_seconds_bucket");
      }
    },
  );
});
