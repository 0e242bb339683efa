import { DASHBOARDS } from "../grafana/dashboard.ts";
import type { Shipped } from "../shipped.ts";

/** JSON that a fault is put into. */
export interface Json {
  [key: string]: unknown;
}

type Plant = (shipped: Shipped) => Shipped;

export const BOARDS = DASHBOARDS;

/** The first place in one file. @param put The text, or what makes it of the pattern's first group. */
export const inFile =
  (path: string, found: string | RegExp, put: string | ((group: string) => string)): Plant =>
  (shipped) => {
    const made = (_: string, group: unknown) => (typeof put === "string" ? put : put(String(group)));
    return changed(
      shipped,
      (name) => name === path,
      (text) => text.replace(found, made),
    );
  };

/** Every place of every file of these. */
export const everywhere =
  (paths: RegExp, found: string | RegExp, put: string): Plant =>
  (shipped) =>
    changed(
      shipped,
      (name) => paths.test(name),
      (text) => text.replaceAll(found, () => put),
    );

function changed(
  shipped: Shipped,
  those: (path: string) => boolean,
  change: (text: string) => string,
): Shipped {
  return new Map([...shipped].map(([path, text]) => [path, those(path) ? change(text) : text]));
}

/** The first dashboard that fits. @param change Works on the JSON that it is given. */
export const inDashboard =
  (fits: (dashboard: Json) => boolean, change: (dashboard: Json) => unknown): Plant =>
  (shipped) => {
    for (const [path, text] of shipped) {
      const json = BOARDS.test(path) ? (JSON.parse(text) as Json) : undefined;
      if (json === undefined || !fits(json)) continue;
      change(json);
      return new Map(shipped).set(path, `${JSON.stringify(json, null, 2)}\n`);
    }
    return shipped;
  };

/** The first panel that fits, of the first dashboard that has one. */
export function inPanel(
  fits: (panel: Json) => boolean,
  change: (panel: Json, all: Json[]) => unknown,
): Plant {
  const found = (dashboard: Json) =>
    listIn(dashboard, "panels").find((panel) => panel["type"] !== "row" && fits(panel));
  return inDashboard(
    (dashboard) => found(dashboard) !== undefined,
    (dashboard) => change(found(dashboard)!, listIn(dashboard, "panels")),
  );
}

export const ofType =
  (type: string) =>
  (panel: Json): boolean =>
    panel["type"] === type;

/** The mapping below some keys. */
export function inside(json: Json, ...path: readonly string[]): Json {
  let at = json;
  for (const key of path) at = at[key] as Json;
  return at;
}

export const listIn = (json: Json, ...path: readonly string[]): Json[] =>
  inside(json, ...path) as unknown as Json[];

/** The first query that fits. @param change From the text of an expression to another. */
export function inQuery(fits: (expr: string) => boolean, change: (expr: string) => string): Plant {
  const isIt = ({ expr }: Json) => typeof expr === "string" && fits(expr);
  return inPanel(
    (panel) => expressions(panel).some(fits),
    (panel) => {
      const target = listIn(panel, "targets").find(isIt);
      if (target !== undefined) target["expr"] = change(String(target["expr"]));
    },
  );
}

export const expressions = (panel: Json): readonly string[] =>
  ((panel["targets"] ?? []) as Json[]).map(({ expr }) => expr).filter((expr) => typeof expr === "string");
