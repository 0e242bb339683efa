import { diag } from "@opentelemetry/api";
import { onTestFinished } from "vitest";

/** All that is said through `diag` until the test is over. */
export function captureDiag(): readonly string[] {
  const said: string[] = [];
  const keep = (...parts: readonly unknown[]) => void said.push(parts.map(String).join(" "));
  diag.setLogger({ error: keep, warn: keep, info: keep, debug: keep, verbose: keep });
  onTestFinished(() => diag.disable());
  return said;
}
