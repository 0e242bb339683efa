import type { Attributes } from "@opentelemetry/api";

export interface SeriesPoint {
  readonly attributes: Attributes;
  readonly value: number;
}

/** The points of one metric, one for each set of attributes: attributes always in the same order. */
export class SeriesPoints {
  readonly #points = new Map<string, { readonly attributes: Attributes; value: number }>();

  /** Several of one name count together. */
  add(attributes: Attributes, value: number): void {
    this.#at(attributes).value += value;
  }

  /** Of several of one name the largest counts. */
  raise(attributes: Attributes, value: number): void {
    const point = this.#at(attributes);
    point.value = Math.max(point.value, value);
  }

  all(): readonly SeriesPoint[] {
    return [...this.#points.values()];
  }

  #at(attributes: Attributes): { value: number } {
    const key = Object.values(attributes).join("\u0000");
    let point = this.#points.get(key);
    if (point === undefined) {
      point = { attributes, value: 0 };
      this.#points.set(key, point);
    }
    return point;
  }
}
