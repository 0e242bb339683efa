import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { LABEL_APP } from "../metrics/derived.ts";
import { PROMETHEUS, target } from "../panels/finish.ts";
import { ALERT_AGENT, ALERT_BOARD, ALERT_NAME, firingWithBoard, SEVERITY } from "../queries/alerts.ts";
import type { Matchers } from "../queries/promql.ts";

const BOARD = `/d/{{${ALERT_BOARD}}}`;

/**
 * When alerts fired, on every panel over time, with a link to the board that shows more. Two of them: Grafana writes the name of a label into
 * the text where an alert has no such label.
 */
export function alertAnnotations(): readonly AnnotationQuery[] {
  const agent = `var-app={{${LABEL_APP}}}&var-agent={{${ALERT_AGENT}}}`;
  return [
    annotation(
      "Alerts of agents",
      { [ALERT_AGENT]: ".+" },
      `<a href="${BOARD}?${agent}">{{${ALERT_AGENT}}} of {{${LABEL_APP}}}</a>`,
    ),
    annotation("Other alerts", { [ALERT_AGENT]: "" }, `<a href="${BOARD}">More</a>`),
  ];
}

function annotation(name: string, which: Matchers, text: string): AnnotationQuery {
  const expr = firingWithBoard(which);
  const built = new AnnotationQueryBuilder()
    .name(name)
    .datasource(PROMETHEUS)
    .enable(true)
    .hide(false)
    .iconColor("red")
    .expr(expr)
    .target(target({ refId: "Anno", expr }))
    .titleFormat(`{{${ALERT_NAME}}}`)
    .textFormat(text)
    .tagKeys(SEVERITY)
    .step("30s")
    .build();
  // The builder hides it in a menu.
  const { placement: _, ...shown } = built;
  return shown;
}
