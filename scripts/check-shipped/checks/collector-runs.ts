import { join } from "node:path";
import { type Check, Findings } from "../check.ts";
import { filesOf } from "../shipped.ts";
import { writeTree } from "../tools/write-tree.ts";

/** gateway-router.yaml needs the load balancing exporter, which only the contrib distribution has. */
const BUILT = /^collector\/(config|gateway)\.yaml$/;

export const collectorValidates: Check = {
  name: "collector-validates",
  holds: "the collector that scripts/stack builds accepts its configurations",
  async run(shipped, tools) {
    const folder = writeTree(shipped, tools.scratch());
    const all: Findings[] = [];
    for (const [file] of filesOf(shipped, BUILT)) {
      const findings = new Findings(file);
      const { code, said } = await tools.program("collector", "validate", `--config=${join(folder, file)}`);
      findings.expect(code === 0, `the collector refuses it: ${said.trim().slice(-600)}`, "do what it says");
      all.push(findings);
    }
    return all.flatMap((findings) => findings.all);
  },
};

export const collectorStarts: Check = {
  name: "collector-starts",
  holds: "the collector starts with its configurations, and says that it is healthy",
  async run(shipped, tools) {
    const folder = writeTree(shipped, tools.scratch());
    const all: Findings[] = [];
    for (const [file] of filesOf(shipped, BUILT)) {
      const findings = new Findings(file);
      const said = await tools.startCollector(join(folder, file));
      findings.expect(
        said === undefined,
        `the collector was not healthy: ${said?.slice(-600)}`,
        "do what it says",
      );
      all.push(findings);
    }
    return all.flatMap((findings) => findings.all);
  },
};
