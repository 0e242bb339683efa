import { type FieldDisplay, getFieldDisplayValues, type ReduceDataOptions } from "@grafana/data";
import { fieldConfigOf } from "../panel-frames.ts";
import type { BodyProps } from "./panel-body.tsx";

/** The numbers of a stat or bar gauge, reduced and formatted by Grafana. */
export function displayValues({ panel, frames, theme }: BodyProps, sparkline: boolean): FieldDisplay[] {
  return getFieldDisplayValues({
    fieldConfig: fieldConfigOf(panel),
    reduceOptions: (panel.options?.["reduceOptions"] ?? { calcs: ["lastNotNull"] }) as ReduceDataOptions,
    replaceVariables: (text) => text,
    theme,
    data: frames,
    sparkline,
    timeZone: "utc",
  });
}
