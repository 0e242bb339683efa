import type { Case } from "./program/cases.ts";

export type Mark = "ok" | "failed" | "skipped";

const SIGNS: Readonly<Record<Mark, string>> = { ok: "✓", failed: "✗", skipped: "s" };

/** Gathers what became of each cell, and prints rows of clients and APIs against columns of ways. */
export class MatrixTable {
  readonly #rows = new Map<string, Map<string, Mark>>();
  readonly #notes: string[] = [];

  mark(row: string, { api, mode, way }: Case, mark: Mark): void {
    const key = `${mode}|${row}, ${api.name}`;
    const marks = this.#rows.get(key) ?? new Map<string, Mark>();
    this.#rows.set(key, marks.set(way.name, mark));
  }

  note(text: string): void {
    this.#notes.push(text);
  }

  toString(): string {
    const all = [...this.#rows.values()].flatMap((marks) => [...marks.values()]);
    const count = (mark: Mark): number => all.filter((each) => each === mark).length;
    return [
      ...this.#part("plain"),
      ...this.#part("stream"),
      `${all.length} cells: ${count("ok")} ✓, ${count("failed")} ✗, ${count("skipped")} skipped (s); – does not apply`,
      ...this.#notes,
    ].join("\n");
  }

  #part(mode: Case["mode"]): string[] {
    const rows = [...this.#rows].filter(([key]) => key.startsWith(`${mode}|`));
    const ways = [...new Set(rows.flatMap(([, marks]) => [...marks.keys()]))];
    const label = (key: string): string => key.slice(mode.length + 1);
    const width = Math.max(0, ...rows.map(([key]) => label(key).length));
    const line = (left: string, cells: readonly string[]): string =>
      `${left.padEnd(width)} ${cells.map((cell) => cell.padStart(2)).join(" ")}`;
    return [
      `${mode}: ${ways.map((way, index) => `${index + 1} ${way}`).join(" · ")}`,
      line(
        "",
        ways.map((_, index) => String(index + 1)),
      ),
      ...rows.map(([key, marks]) =>
        line(
          label(key),
          ways.map((way) => sign(marks.get(way))),
        ),
      ),
      "",
    ];
  }
}

function sign(mark: Mark | undefined): string {
  return mark === undefined ? "–" : SIGNS[mark];
}
