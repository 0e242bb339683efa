import { typeOf } from "./check-spans.ts";
import type { Registry } from "./registry.ts";
import type { Telemetry } from "./telemetry.ts";

/** Names of the registry that a program has sent: attributes on whatever, types of spans, events and metrics. */
export function emittedNames(telemetry: Telemetry, registry: Registry): ReadonlySet<string> {
  const { resources, spans, metrics, logs } = telemetry;
  const bags = [
    ...resources,
    ...[...spans, ...logs].map(({ attributes }) => attributes),
    ...spans.flatMap(({ events }) => events.map(({ attributes }) => attributes)),
    ...metrics.flatMap(({ points }) => points.map(({ attributes }) => attributes)),
  ];
  return new Set([
    ...bags.flatMap((bag) => Object.keys(bag)),
    ...spans.flatMap((span) => typeOf(span, registry)?.type ?? []),
    ...spans.flatMap(({ events }) => events.map(({ name }) => name)),
    ...logs.map(({ name }) => name),
    ...metrics.map(({ name }) => name),
  ]);
}

/** All names that the registry declares. */
export function declaredNames({ attributes, spans, events, metrics }: Registry): readonly string[] {
  return [
    ...attributes.map(({ key }) => key),
    ...spans.map(({ type }) => type),
    ...[...events, ...metrics].map(({ name }) => name),
  ];
}
