import { dashboardFiles } from "../../../grafana/src/dashboards/files.ts";
import type { GeneratedFile } from "../../../grafana/src/generated-file.ts";
import { rulesFiles } from "../../../grafana/src/rules/files.ts";
import type { Check, Finding } from "../check.ts";
import { filesOf, type Shipped } from "../shipped.ts";

const MEND = "run `node grafana/src/generate.ts`, and edit grafana/src";

/** What is mounted is what the sources say. */
export const generated: Check = {
  name: "generated",
  holds: "dashboards and rules are what the generator writes",
  run: (shipped) => differences(shipped, [...rulesFiles(), ...dashboardFiles()]),
};

export function differences(shipped: Shipped, files: readonly GeneratedFile[]): readonly Finding[] {
  const written = new Map(files);
  const differs = files
    .filter(([path, text]) => shipped.get(path) !== text)
    .map(([file]) => ({ file, what: "it is not what the generator writes", mend: MEND }));
  const strangers = filesOf(shipped, /^grafana\/dashboards\//)
    .filter(([path]) => !written.has(path))
    .map(([file]) => ({ file, what: "no generator writes it", mend: "generate it, or take it out" }));
  return [...differs, ...strangers];
}
