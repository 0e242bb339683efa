import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "../source-files.ts";

export type Generation = "latest" | "v1.41" | "dup";

export interface AttributeRef {
  readonly ref: string;
  readonly requirement_level?: "required" | "recommended" | "opt_in";
  readonly annotations?: { readonly agent_otel: { readonly semconv?: readonly Generation[] } };
}

export interface Attribute {
  readonly key: string;
  readonly type: string | { readonly members: readonly { readonly value: string }[] };
  readonly brief: string;
  readonly annotations: { readonly agent_otel: { readonly origin: string; readonly closed?: boolean } };
}

interface Signal {
  readonly brief: string;
  readonly attributes?: readonly AttributeRef[];
}

export interface SpanType extends Signal {
  readonly type: string;
  readonly kind: "internal" | "client" | "server";
  readonly annotations: {
    readonly agent_otel: {
      readonly names: readonly string[];
      readonly when: {
        readonly operation?: readonly string[];
        readonly has?: string;
        readonly starts_with?: string;
      };
    };
  };
}

export interface EventType extends Signal {
  readonly name: string;
  readonly annotations: {
    readonly agent_otel: { readonly on: readonly ("span" | "log")[]; readonly severity?: number };
  };
}

export interface MetricType extends Signal {
  readonly name: string;
  readonly instrument: string;
  readonly unit: string;
  readonly annotations: {
    readonly code_generation: { readonly metric_value_type: "int" | "double" };
    readonly agent_otel: {
      readonly semconv: readonly Generation[];
      readonly explicit_bucket_boundaries?: readonly number[];
    };
  };
}

export interface EntityType {
  readonly type: string;
  readonly identity: readonly AttributeRef[];
  readonly description?: readonly AttributeRef[];
}

/** What registry/ declares. */
export interface Registry {
  readonly attributes: readonly Attribute[];
  readonly spans: readonly SpanType[];
  readonly events: readonly EventType[];
  readonly metrics: readonly MetricType[];
  readonly entities: readonly EntityType[];
}

const FOLDER = join(root, "registry");

/** The definitions of registry/, file by file. */
export function registryDocuments(): readonly (readonly [file: string, document: unknown])[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".yaml") && name !== "manifest.yaml");
  return files.sort().map((name) => [name, parse(readFileSync(join(FOLDER, name), "utf8"))] as const);
}

/** The registry as its readers see it. */
export function readRegistry(): Registry {
  const documents = registryDocuments().map(([, document]) => document as Partial<Registry>);
  return {
    attributes: documents.flatMap(({ attributes = [] }) => attributes),
    spans: documents.flatMap(({ spans = [] }) => spans),
    events: documents.flatMap(({ events = [] }) => events),
    metrics: documents.flatMap(({ metrics = [] }) => metrics),
    entities: documents.flatMap(({ entities = [] }) => entities),
  };
}
