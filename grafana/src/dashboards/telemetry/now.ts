import * as names from "../../../../src/telemetry/semconv.ts";
import { ACCEPTED_SPANS, NOT_QUEUED_SPANS } from "../../metrics/collector.ts";
import { LABEL_APP } from "../../metrics/derived.ts";
import { barGauge } from "../../panels/bar-gauge.ts";
import type { SizedPanel } from "../../panels/panel.ts";
import { stat } from "../../panels/stat.ts";
import { stateTimeline } from "../../panels/state-timeline.ts";
import { none } from "../../panels/values.ts";
import { counted, highest } from "../../queries/ask.ts";
import { pipelineCount } from "../../queries/collector.ts";
import { lastSampleAge } from "../../queries/series.ts";
import { APP, RANGE } from "../scope.ts";

const HEIGHT = 7;
const spans = (metric: string) => counted({ metric, scope: APP }, RANGE);

export const lost: readonly SizedPanel[] = [
  stat({
    id: 1,
    title: "Spans lost",
    description:
      "In the range: by programs that could not keep or send them, by the receiver that refused them one by one, and by the collector, whose queue was full or had no disk.",
    unit: "short",
    decimals: 0,
    thresholds: none("span"),
    noValue: "no program with our exporter, and no collector",
    queries: [
      { refId: "A", expr: `round(${spans(names.METRIC_SPOOL_DROPPED)})`, legend: "dropped", instant: true },
      { refId: "B", expr: `round(${spans(names.METRIC_SPOOL_REJECTED)})`, legend: "refused", instant: true },
      {
        refId: "C",
        expr: `round(${pipelineCount(NOT_QUEUED_SPANS, RANGE)} or 0 * ${pipelineCount(ACCEPTED_SPANS, RANGE)})`,
        legend: "collector",
        instant: true,
      },
    ],
    width: 7,
    height: HEIGHT,
  }),
  stat({
    id: 2,
    title: "Oldest waiting span",
    description:
      "How long the oldest request waits in the spool of a program: about as long as the receiver has not been there.",
    unit: "s",
    thresholds: {
      warn: 60,
      bad: 600,
      meaning: "Yellow from a minute, red from ten: Jaeger or the collector is down, and the disk fills",
    },
    noValue: "no program with our exporter",
    queries: [{ refId: "A", expr: highest({ metric: names.METRIC_SPOOL_OLDEST_AGE, scope: APP }) }],
    width: 4,
    height: HEIGHT,
  }),
  barGauge({
    id: 3,
    title: "Last sample, by application",
    description:
      "How long ago Prometheus last saw anything of each application that it saw within a day. The collector shows what a program sent last for ten minutes, so a silence begins that much earlier.",
    unit: "s",
    thresholds: {
      warn: 120,
      bad: 900,
      meaning: "Yellow from two minutes, red from fifteen: the program has ended, or its telemetry has",
    },
    noValue: "no application has sent anything within a day",
    queries: [
      { refId: "A", expr: `sort_desc(${lastSampleAge(APP)})`, legend: `{{${LABEL_APP}}}`, instant: true },
    ],
    width: 6,
    height: HEIGHT,
  }),
  stateTimeline({
    id: 4,
    title: "Scrapes",
    description:
      "Whether Prometheus reaches the collector (what programs sent, and what is made of spans), the collector's own numbers, Jaeger's and its own.",
    unit: "short",
    states: [
      { value: 0, text: "down", color: "red" },
      { value: 1, text: "up", color: "green" },
    ],
    noValue: "Prometheus scrapes nothing",
    queries: [{ refId: "A", expr: `min by (job) (up)`, legend: "{{job}}" }],
    width: 7,
    height: HEIGHT,
  }),
];
