import { printable } from "../../telemetry/format-trace-text.ts";
import { isRecord } from "../scripted-provider/request-facts.ts";

const MAX_SHOWN = 60;
/** What stands before the first difference of two long texts. */
const LEAD = 20;
const ABSENT = Symbol("absent");

/** One place where two JSON values differ. */
export interface Difference {
  /** As in `messages[1].content`. */
  readonly path: string;
  readonly text: string;
}

/** Where two JSON values differ, in the order of their keys. A part that only one of them has is one place. */
export function differences(recorded: unknown, asked: unknown, path = ""): Difference[] {
  if (Array.isArray(recorded) && Array.isArray(asked)) {
    return Array.from({ length: Math.max(recorded.length, asked.length) }, (_, index) =>
      differences(at(recorded, index), at(asked, index), `${path}[${index}]`),
    ).flat();
  }
  if (isRecord(recorded) && isRecord(asked)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(asked)]);
    return [...keys].flatMap((key) =>
      differences(
        key in recorded ? recorded[key] : ABSENT,
        key in asked ? asked[key] : ABSENT,
        path === "" ? key : `${path}.${key}`,
      ),
    );
  }
  if (recorded === asked) return [];
  return [
    { path: path || "body", text: `recorded ${shown(recorded, asked)}, asked ${shown(asked, recorded)}` },
  ];
}

function at(list: readonly unknown[], index: number): unknown {
  return index < list.length ? list[index] : ABSENT;
}

function shown(value: unknown, other: unknown): string {
  if (value === ABSENT) return "(absent)";
  if (typeof value === "string" && typeof other === "string") {
    const from = Math.max(0, firstDifference(value, other) - LEAD);
    return `${from > 0 ? "…" : ""}${JSON.stringify(printable(value.slice(from), MAX_SHOWN))}`;
  }
  return printable(JSON.stringify(value), MAX_SHOWN);
}

function firstDifference(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index += 1;
  return index;
}
