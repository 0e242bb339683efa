import { type Finding, finding, found } from "../finding.ts";
import { type InstalledPackage, installedCopies } from "../project/installed.ts";
import type { Project } from "../project/project.ts";
import type { Check } from "./check.ts";
import { modeOf } from "./configuration.ts";

const API = "@opentelemetry/api";
const SDKS = ["sdk-node", "sdk-trace", "sdk-trace-base", "sdk-trace-node"].map(
  (name) => `@opentelemetry/${name}`,
);
/** What starts an SDK by being loaded. */
const STARTERS =
  /(?:--import|--require|-r)[ =]"?((?:@opentelemetry\/auto-instrumentations-node|dd-trace|@elastic\/opentelemetry-node|@splunk\/otel|@honeycombio\/[\w-]+|newrelic|elastic-apm-node)[^\s"]*)/;

/** OpenTelemetry more than once. */
export const copies: Check = {
  name: "copies",
  run: (project) => {
    const external = modeOf(project.env) === "external";
    const installed = installedCopies(project.folder, external ? [API] : [API, ...SDKS]);
    return found(
      [...copyFindings(installed), ...(external ? [] : starterFindings(project))],
      `${installed.filter(({ name }) => name === API).length} of ${API}`,
    );
  },
};

/** Copies of one version share what is registered, through a global; those of several do not always. */
function copyFindings(installed: readonly InstalledPackage[]): readonly Finding[] {
  const byName = Map.groupBy(installed, ({ name }) => name);
  return [...byName].flatMap(([name, all]) => {
    const versions = [...new Set(all.map(({ version }) => version))].toSorted();
    if (versions.length < 2) return [];
    const what =
      name === API
        ? "spans made through a newer one than the first that is loaded are lost"
        : "a provider of one does not know the spans of another";
    return [
      finding(
        "several_copies",
        `${name} is there as ${versions.join(" and ")}: ${what}`,
        `npm dedupe ${name}`,
      ),
    ];
  });
}

/** Both in one command line: whoever comes second gets nothing. */
function starterFindings({ manifest, env }: Project): readonly Finding[] {
  const texts = [...(manifest?.scripts ?? []), ["NODE_OPTIONS", env["NODE_OPTIONS"] ?? ""] as const];
  const options = env["NODE_OPTIONS"] ?? "";
  return texts.flatMap(([name, text]) => {
    const [, other] = STARTERS.exec(text) ?? [];
    if (other === undefined || !`${text} ${options}`.includes("agent-otel/register")) return [];
    return [
      finding(
        "two_sdks",
        `${name} starts an SDK with ${other} beside that of agent-otel/register`,
        "keep one: remove the other, or set AGENT_OTEL_SDK=external and give it agentSpanProcessor()",
      ),
    ];
  });
}
