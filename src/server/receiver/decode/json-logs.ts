import {
  anyValue,
  attributesOf,
  hexId,
  type Json,
  nanos,
  text,
} from "../../../telemetry/otlp-json-values.ts";
import type { LogRecord } from "../../telemetry-store/telemetry-batch.ts";
import { boundAttributes, boundValue } from "./bound-json.ts";
import { type Decoded, Rejections } from "./decoded.ts";
import type { Origin } from "./groups.ts";
import { parseJsonBody } from "./json-body.ts";
import { readJsonGroups } from "./json-groups.ts";
import { boundName, boundTime, MAX_ITEMS } from "./limits.ts";
import { bodyText, severityText } from "./log-text.ts";

const GROUPS = { resources: "resourceLogs", scopes: "scopeLogs", items: "logRecords" } as const;

/** @throws where the bytes are no ExportLogsServiceRequest. */
export function decodeJsonLogs(bytes: Uint8Array): Decoded {
  const logs: LogRecord[] = [];
  const rejections = new Rejections("a time", MAX_ITEMS);
  readJsonGroups(parseJsonBody(bytes), GROUPS, (raw, origin) => {
    const record = logs.length < MAX_ITEMS ? recordOf(raw, origin) : undefined;
    if (record !== undefined) logs.push(record);
    else if (logs.length < MAX_ITEMS) rejections.malformed();
    else rejections.tooMany();
  });
  return rejections.result({ logs });
}

function recordOf(raw: Json, { resource }: Origin): LogRecord | undefined {
  const timeNs = boundTime(nanos(raw["timeUnixNano"]), nanos(raw["observedTimeUnixNano"]));
  if (timeNs === undefined) return undefined;
  const severity = raw["severityNumber"];
  return {
    timeNs,
    severity: severityText(boundName(text(raw["severityText"])), typeof severity === "number" ? severity : 0),
    body: bodyText(boundValue(anyValue(raw["body"], 0))),
    eventName: boundName(text(raw["eventName"])) || undefined,
    traceId: hexId(raw["traceId"], 32),
    spanId: hexId(raw["spanId"], 16),
    attributes: boundAttributes(attributesOf(raw["attributes"])),
    resource,
  };
}
