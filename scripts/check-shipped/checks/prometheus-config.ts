import { join } from "node:path";
import { type Check, Findings } from "../check.ts";
import { RULES } from "../rules.ts";
import { filesOf } from "../shipped.ts";
import { writeTree } from "../tools/write-tree.ts";

const CONFIG = "collector/prometheus.yaml";

export const prometheusConfig: Check = {
  name: "prometheus-config",
  holds: "promtool accepts prometheus.yaml and, with every lint fatal, the rules",
  async run(shipped, tools) {
    const folder = writeTree(shipped, tools.scratch());
    const config = new Findings(CONFIG);
    const checked = await tools.program("promtool", "check", "config", join(folder, CONFIG));
    config.expect(
      checked.code === 0,
      `promtool refuses it: ${shortOf(checked.said, folder)}`,
      "do what it says",
    );
    const rules = filesOf(shipped, RULES).map(async ([file]) => {
      const findings = new Findings(file);
      const { code, said } = await tools.program(
        "promtool",
        "check",
        "rules",
        "--lint=all",
        "--lint-fatal",
        join(folder, file),
      );
      findings.expect(code === 0, `promtool refuses it: ${shortOf(said, folder)}`, "do what it says");
      return findings.all;
    });
    return [...config.all, ...(await Promise.all(rules)).flat()];
  },
};

export const alertmanagerConfig: Check = {
  name: "alertmanager-config",
  holds: "amtool accepts alertmanager.yaml",
  async run(shipped, tools) {
    const findings = new Findings("collector/alertmanager.yaml");
    const folder = writeTree(shipped, tools.scratch());
    const { code, said } = await tools.program("amtool", "check-config", join(folder, findings.file));
    findings.expect(code === 0, `amtool refuses it: ${shortOf(said, folder)}`, "do what it says");
    return findings.all;
  },
};

/** Without the folder, whose name differs from time to time. */
const shortOf = (said: string, folder: string) => said.replaceAll(`${folder}/`, "").trim().slice(0, 600);
