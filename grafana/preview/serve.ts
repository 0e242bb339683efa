import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { word } from "../../scripts/check-shipped/data.ts";
import { answerTo } from "../../scripts/check-shipped/grafana/ask.ts";
import { choices } from "../../scripts/check-shipped/grafana/choices.ts";
import { type Dashboard, dashboardsOf, queriesOf } from "../../scripts/check-shipped/grafana/dashboard.ts";
import type { Answer } from "../../scripts/check-shipped/grafana/frames.ts";
import { timesFor } from "../../scripts/check-shipped/grafana/times.ts";
import type { RecordedRun } from "../../scripts/check-shipped/recorded-run/recorded-run.ts";
import type { Shipped } from "../../scripts/check-shipped/shipped.ts";

export interface PreviewOptions {
  /** The built page. */
  readonly page: string;
  readonly shipped: Shipped;
  readonly run: RecordedRun;
  /** 0 takes any that is free. */
  readonly port: number;
}

export interface Preview {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};

/** Serves the page and its data on loopback: `/?board=agent-otel-overview&theme=light&var-agent=planner`. */
export async function servePreview({ page, shipped, run, port }: PreviewOptions): Promise<Preview> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    try {
      const uid = /^\/boards\/([\w-]+)\.json$/.exec(url.pathname)?.[1];
      const dashboard = dashboardsOf(shipped).find((one) => one.uid === uid);
      const body =
        dashboard === undefined
          ? await readFile(join(page, normalize(url.pathname === "/" ? "/index.html" : url.pathname)))
          : JSON.stringify(await boardData(dashboard, shipped, run, url.searchParams));
      response.setHeader(
        "content-type",
        TYPES[extname(url.pathname) || ".html"] ?? "application/octet-stream",
      );
      response.end(body);
    } catch (error) {
      response.statusCode = 404;
      response.end(String(error));
    }
  }).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function boardData(dashboard: Dashboard, shipped: Shipped, run: RecordedRun, words: URLSearchParams) {
  const { sets } = await choices(dashboard, run, timesFor(shipped, run));
  const opened = sets[0]!.values;
  const chosen = new Map(opened);
  for (const { variable, value, values } of sets) {
    if (variable !== undefined && words.get(`var-${variable}`) === value)
      chosen.set(variable, values.get(variable)!);
  }
  const answers: Record<string, Answer[]> = {};
  for (const query of queriesOf(dashboard)) {
    if (query.panel === undefined) continue;
    const answer = await answerTo(query, run, chosen, timesFor(shipped, run, query.panel.json));
    answers[String(query.panel.id)] = [...(answers[String(query.panel.id)] ?? []), answer];
  }
  const variables = Object.fromEntries(
    dashboard.variables.map((one) => [word(one, "name"), chosen.get(word(one, "name")) ?? ""]),
  );
  return { dashboard: dashboard.json, fromMs: run.fromMs, toMs: run.toMs, variables, answers };
}
