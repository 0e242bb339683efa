import { SPANS_PER_TRACE, serviceOf, TRACES_PER_SERVICE } from "../../faults/programs/gateway-source.ts";

interface Page {
  readonly data: readonly { readonly spans: readonly { readonly spanID: string }[] }[];
}

export interface InJaeger {
  /** Numbers of spans, each once. */
  readonly spans: ReadonlySet<bigint>;
  /** Traces with all their spans. */
  readonly whole: number;
  /** Spans that are there more than once. */
  readonly twice: number;
}

/** Looks at each trace that Jaeger has of the first `traces`, service by service. @param ui Jaeger's address */
export async function tracesInJaeger(ui: string, traces: number): Promise<InJaeger> {
  const spans = new Set<bigint>();
  let [whole, all] = [0, 0];
  for (let number = 0; number < traces; number += TRACES_PER_SERVICE) {
    const query = new URLSearchParams({ service: serviceOf(number), limit: String(2 * TRACES_PER_SERVICE) });
    const { data } = (await (await fetch(`${ui}/api/traces?${query}`)).json()) as Page;
    for (const trace of data) {
      const numbers = trace.spans.map(({ spanID }) => BigInt(`0x${spanID}`));
      if (new Set(numbers).size === SPANS_PER_TRACE) whole++;
      for (const each of numbers) spans.add(each);
      all += numbers.length;
    }
  }
  return { spans, whole, twice: all - spans.size };
}
