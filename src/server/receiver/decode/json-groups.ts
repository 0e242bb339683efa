import { attributesOf, field, type Json, objects, text } from "../../../telemetry/otlp-json-values.ts";
import { boundAttributes } from "./bound-json.ts";
import type { Origin } from "./groups.ts";
import { listOf } from "./json-body.ts";

/** What the lists of a signal are called. */
export interface GroupKeys {
  readonly resources: "resourceMetrics" | "resourceLogs";
  readonly scopes: "scopeMetrics" | "scopeLogs";
  readonly items: "metrics" | "logRecords";
}

/** Calls `item` for each metric or record of a parsed request. @throws TypeError where it is something else. */
export function readJsonGroups(
  request: Json,
  keys: GroupKeys,
  item: (raw: Json, origin: Origin) => void,
): void {
  for (const group of objects(listOf(request, keys.resources))) {
    const resource = boundAttributes(attributesOf(field(group, "resource")?.["attributes"]));
    for (const scoped of objects(group[keys.scopes])) {
      const scope = text(field(scoped, "scope")?.["name"]) || undefined;
      for (const raw of objects(scoped[keys.items])) item(raw, { resource, scope });
    }
  }
}
