import { type Check, Findings } from "../check.ts";
import { list } from "../data.ts";
import { answerTo } from "../grafana/ask.ts";
import { choices } from "../grafana/choices.ts";
import { dashboardsOf, queriesOf, whereIs } from "../grafana/dashboard.ts";
import { framesOf } from "../grafana/frames.ts";
import { nodeGraphErrors } from "../grafana/node-graph.ts";
import { timesFor } from "../grafana/times.ts";

/** From the answers of a real Prometheus through Grafana's own transformations to what the panel would draw. */
export const nodeGraph: Check = {
  name: "node-graph",
  holds: "every node graph gets nodes and edges that its panel can draw, with «All» and with single values",
  async run(shipped, tools) {
    const [run, grafana] = [await tools.recordedRun(), await tools.grafana()];
    const all: Findings[] = [];
    for (const dashboard of dashboardsOf(shipped)) {
      const findings = new Findings(dashboard.file);
      all.push(findings);
      const { sets } = await choices(dashboard, run, timesFor(shipped, run));
      for (const panel of dashboard.panels.filter(({ type }) => type === "nodeGraph")) {
        const asked = queriesOf(dashboard).filter((query) => query.panel?.id === panel.id);
        for (const { variable, value, values } of asked.length === 0 ? [] : sets) {
          const times = timesFor(shipped, run, panel.json);
          const choice = variable === undefined ? "" : ` with ${variable} = ${value}`;
          try {
            const answers = await Promise.all(asked.map((query) => answerTo(query, run, values, times)));
            const frames = await grafana.transform(framesOf(answers), list(panel.json, "transformations"));
            const errors = nodeGraphErrors(frames, panel.json, variable !== undefined);
            for (const error of errors)
              findings.add(
                `${whereIs(panel)}${choice}: ${error}`,
                "see the panel's rules in grafana/src/panels/node-graph.ts",
              );
          } catch (error) {
            findings.add(
              `${whereIs(panel)}${choice}: ${(error as Error).message}`,
              "mend its queries or transformations",
            );
          }
        }
      }
    }
    return all.flatMap((findings) => findings.all);
  },
};
