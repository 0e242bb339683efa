import type { AttributeCheck } from "./check-attributes.ts";
import type { Registry, SpanType } from "./registry.ts";
import type { FoundSpan, Happened } from "./telemetry.ts";

const KINDS: Readonly<Record<number, string>> = { 1: "internal", 2: "server", 3: "client" };
const OPERATION = "gen_ai.operation.name";

/** What is wrong with spans of ours, their events and their links. */
export function spanProblems(
  spans: readonly FoundSpan[],
  registry: Registry,
  check: AttributeCheck,
): readonly string[] {
  return spans.flatMap((span) => problemsOf(span, registry, check));
}

function problemsOf(span: FoundSpan, registry: Registry, check: AttributeCheck): readonly string[] {
  const type = typeOf(span, registry);
  if (type === undefined) return [`span "${span.name}" is of no declared type`];
  const at = (problem: string) => `span ${type.type}: ${problem}`;
  return [
    ...(KINDS[span.kind] === type.kind ? [] : [at(`kind is ${span.kind}, not ${type.kind}`)]),
    ...(isNamed(span, type) ? [] : [at(`is called "${span.name}"`)]),
    // The conventions leave "ok" to the program.
    ...(span.status === 1 ? [at("status is ok")] : []),
    ...check.problems(span.attributes, type.attributes).map(at),
    ...span.events.flatMap((event) => eventProblems(event, registry, check)),
    ...span.links.flatMap((link) => check.problems(link).map((problem) => at(`link ${problem}`))),
  ];
}

/** The first that fits, as the registry says. */
export function typeOf({ name, kind, attributes }: FoundSpan, { spans }: Registry): SpanType | undefined {
  const operation = attributes[OPERATION]?.value;
  return spans.find(({ annotations, kind: declared }) => {
    const { when } = annotations.agent_otel;
    if (when.starts_with !== undefined) return operation === undefined && name.startsWith(when.starts_with);
    const hasIt = when.has === undefined || when.has in attributes;
    if (when.operation === undefined) return hasIt && KINDS[kind] === declared;
    return hasIt && when.operation?.some((one) => one === operation) === true;
  });
}

function isNamed({ name, attributes }: FoundSpan, { annotations }: SpanType): boolean {
  for (const format of annotations.agent_otel.names) {
    let fills = true;
    const filled = format.replace(/\{([a-z0-9_.]+)\}/g, (_, key: string) => {
      const found = attributes[key]?.value;
      fills &&= found !== undefined;
      return String(found);
    });
    if (fills) return filled === name;
  }
  return false;
}

function eventProblems(event: Happened, { events }: Registry, check: AttributeCheck): readonly string[] {
  const type = events.find(({ name }) => name === event.name);
  if (type === undefined) return [`event ${event.name} is not declared`];
  const { on } = type.annotations.agent_otel;
  return [
    ...(on.includes("span") ? [] : [`event ${event.name} is on a span`]),
    ...check.problems(event.attributes, type.attributes).map((problem) => `event ${event.name}: ${problem}`),
  ];
}
