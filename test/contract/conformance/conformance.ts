import { AttributeCheck } from "./check-attributes.ts";
import { metricProblems } from "./check-metrics.ts";
import { spanProblems } from "./check-spans.ts";
import type { Generation, Registry } from "./registry.ts";
import type { FoundLog, Telemetry, Values } from "./telemetry.ts";

const SCOPE = "agent-otel";
/** What describes hosts, SDKs and services is OpenTelemetry's own. */
const OF_OTHERS = /^(host|service|telemetry\.sdk|os|process)\./;
const OURS = /^(agents|gen_ai|mcp)\./;

/**
 * What of a program's telemetry the registry does not declare, each problem once: names, types, values, units, kinds, buckets,
 * what is missing, and what stands where it should not. Spans and metrics of other instrumentations are none of ours.
 */
export function problemsOf(
  telemetry: Telemetry,
  registry: Registry,
  generation: Generation,
): readonly string[] {
  const check = new AttributeCheck(registry, generation);
  const ours = <T extends { readonly scope: string }>(all: readonly T[]) =>
    all.filter(({ scope }) => scope === SCOPE);
  const problems = [
    ...telemetry.resources.flatMap((values) => resourceProblems(values, check)),
    ...spanProblems(ours(telemetry.spans), registry, check),
    ...metricProblems(ours(telemetry.metrics), registry, check, generation),
    ...telemetry.logs.flatMap((log) => logProblems(log, registry, check)),
  ];
  return [...new Set(problems)].sort();
}

function resourceProblems(values: Values, check: AttributeCheck): readonly string[] {
  return Object.entries(values)
    .filter(([key]) => !OF_OTHERS.test(key))
    .flatMap(([key, value]) => check.typeProblems(key, value))
    .map((problem) => `resource: ${problem}`);
}

function logProblems(log: FoundLog, { events }: Registry, check: AttributeCheck): readonly string[] {
  if (!log.scope.startsWith(SCOPE)) return [];
  const at = (problem: string) => `log record ${log.name || log.scope}: ${problem}`;
  // A line of the program: its fields are its own.
  if (log.name === "") {
    const named = Object.entries(log.attributes).filter(([key]) => OURS.test(key));
    return named.flatMap(([key, value]) => check.typeProblems(key, value)).map(at);
  }
  const type = events.find(({ name }) => name === log.name);
  if (type === undefined) return [at("is not declared")];
  const { on, severity } = type.annotations.agent_otel;
  return [
    ...(on.includes("log") ? [] : [at("is a log record")]),
    ...(severity === log.severity ? [] : [at(`severity is ${log.severity}, not ${severity}`)]),
    ...check.problems(log.attributes, type.attributes).map(at),
  ];
}
