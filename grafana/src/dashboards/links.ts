import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { DataLink } from "../panels/panel.ts";
import { labelOf, variable } from "../panels/variable.ts";
import { AGENT, MODEL } from "../queries/cost.ts";
import { BOARDS, type BoardName } from "./uids.ts";

/** To every other board and to Jaeger, with the time and the variables of this one. */
export function boardLinks(from: BoardName): readonly DashboardLink[] {
  const others = Object.entries(BOARDS).filter(([name]) => name !== from);
  return [
    ...others.map(([, { uid, title }]) => link(title, `/d/${uid}`, true)),
    link("Jaeger", `${JAEGER_URL}/search?${TIME}`, false),
  ];
}

function link(title: string, url: string, ours: boolean): DashboardLink {
  const built = new DashboardLinkBuilder(title)
    .type(DashboardLinkType.Link)
    .icon(ours ? "dashboard" : "external link")
    .tooltip(ours ? "With the same time and variables" : "Traces of the same time")
    .url(url)
    .includeVars(ours)
    .keepTime(ours)
    .targetBlank(!ours)
    .build();
  // The builder hides links in a menu.
  const { placement: _, ...shown } = built;
  return shown;
}

const JAEGER_URL = variable("jaeger_url");
/** Jaeger wants microseconds. */
const TIME = `lookback=custom&start=${variable("__from")}000&end=${variable("__to")}000`;
const KEPT = [
  variable("__url_time_range"),
  variable("app:queryparam"),
  `var-datasource=${variable("datasource")}`,
  `var-jaeger_url=${variable("jaeger_url")}`,
].join("&");

/** @param agent What names the agent, as `${__field.labels.gen_ai_agent_name}`. */
export const toAgent = (agent: string): DataLink => ({
  title: "Agent",
  url: `/d/${BOARDS.agent.uid}?${KEPT}&var-agent=${agent}`,
});

export const toBoard = (board: BoardName, agent = variable("agent:queryparam")): DataLink => ({
  title: BOARDS[board].title,
  url: `/d/${BOARDS[board].uid}?${KEPT}&${agent}`,
});

/** @param uid What names the board. */
export const toNamedBoard = (uid: string): DataLink => ({ title: "Board", url: `/d/${uid}?${KEPT}` });

/** @param service What names it: an agent, `model:…` or `tool:…`. */
export const toTraces = (service: string): DataLink => ({
  title: "Traces in Jaeger",
  url: `${JAEGER_URL}/search?service=${service}&${TIME}`,
  targetBlank: true,
});

/** Those with an error of that class. Not with `error=true`: Jaeger's memory finds text alone, and that tag is none. */
export const toTracesWith = (service: string, error: string): DataLink => ({
  title: "Traces with this error in Jaeger",
  url: `${JAEGER_URL}/search?service=${service}&tags=%7B%22error.type%22%3A%22${error}%22%7D&${TIME}`,
  targetBlank: true,
});

const OF_SERIES = labelOf(AGENT);

/** On series by agent. */
export const AGENT_LINKS: readonly DataLink[] = [toAgent(OF_SERIES), toTraces(OF_SERIES)];
/** On series by model. */
export const MODEL_LINKS: readonly DataLink[] = [toTraces(`model:${labelOf(MODEL)}`)];
