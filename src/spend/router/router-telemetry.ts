import { trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import { LabelValues } from "../../telemetry/call-metrics/label-values.ts";
import type { SourceInstrument } from "../../telemetry/metric-sources.ts";
import * as names from "../../telemetry/semconv.ts";
import type { ModelEntry } from "./model-entry.ts";
import type { MonthSpend } from "./monthly-spend.ts";

const MAX_NAMES = 200;
const NANO = 1e9;

/** A model was picked: an event on the span of whoever asked. Never throws. */
export function modelPicked(router: string, model: string, complexity: number): void {
  onActiveSpan({
    [names.ATTR_ROUTER_NAME]: router,
    [names.ATTR_ROUTER_MODEL]: model,
    [names.ATTR_ROUTER_COMPLEXITY]: complexity,
  });
}

/** No model could be: the same event without a model, and with the error. Never throws. */
export function noModelPicked(router: string, complexity: number, code: string): void {
  onActiveSpan({
    [names.ATTR_ROUTER_NAME]: router,
    [names.ATTR_ROUTER_COMPLEXITY]: complexity,
    [names.ATTR_ERROR_TYPE]: code,
  });
}

function onActiveSpan(attributes: Readonly<Record<string, string | number>>): void {
  safely(`adding the event ${names.EVENT_ROUTER_DECISION}`, () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.setAttribute(names.ATTR_ROUTER_NAME, attributes[names.ATTR_ROUTER_NAME] ?? "");
    span.addEvent(names.EVENT_ROUTER_DECISION, attributes);
  });
}

/** What a router tells when metrics are collected. */
export class RouterMetrics {
  readonly #labels = new LabelValues(MAX_NAMES, [0]);

  collect(router: string, models: Iterable<ModelEntry>, month: MonthSpend): readonly SourceInstrument[] {
    const name = { [names.ATTR_ROUTER_NAME]: this.#labels.admit(0, router) };
    const decisions = [...models].flatMap(({ name: model, decisions }) =>
      decisions.flatMap((value, complexity) => {
        const labels = { [names.ATTR_ROUTER_MODEL]: model, [names.ATTR_ROUTER_COMPLEXITY]: complexity };
        return value === 0 ? [] : [{ attributes: { ...name, ...labels }, value }];
      }),
    );
    const instruments: readonly SourceInstrument[] = [
      {
        kind: "counter",
        name: names.METRIC_ROUTER_DECISIONS,
        unit: "{call}",
        description: "Decisions of a model router, by model and complexity.",
        whole: true,
        points: decisions,
      },
      {
        kind: "gauge",
        name: names.METRIC_ROUTER_SPENT,
        unit: "{USD}",
        description:
          "What a model router has charged in the month of now, estimates of unfinished calls included.",
        whole: false,
        points: [{ attributes: name, value: month.nanoUsd / NANO }],
      },
    ];
    return instruments.filter(({ points }) => points.length > 0);
  }
}
