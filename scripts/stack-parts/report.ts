import type { Part } from "./part.ts";
import type { StackDir } from "./stack-dir.ts";

/** What tests read from `--json`. */
export function asJson(dir: StackDir, parts: readonly Part[]): string {
  const report = parts.map((part) => [
    part.name,
    {
      pid: dir.running(part)?.pid ?? null,
      log: dir.log(part),
      endpoints: Object.fromEntries(part.ports.map((port) => [port.name, dir.endpoint(part, port)])),
    },
  ]);
  return JSON.stringify({ dir: dir.path, parts: Object.fromEntries(report) }, undefined, 2);
}

/** One line per endpoint, and the state of each part on its first. */
export function asTable(dir: StackDir, parts: readonly Part[], state: (part: Part) => string): string {
  const rows = parts.flatMap((part) =>
    part.ports.map((port, index) => [
      index === 0 ? part.name : "",
      index === 0 ? state(part) : "",
      port.name,
      dir.endpoint(part, port),
    ]),
  );
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
