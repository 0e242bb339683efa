import type { Checked } from "../finding.ts";
import type { Project } from "../project/project.ts";

/** One thing that is looked at. */
export interface Check {
  /** One or two words, for the report. */
  readonly name: string;
  /** @throws what nobody expected. */
  run(project: Project): Checked | Promise<Checked>;
}
