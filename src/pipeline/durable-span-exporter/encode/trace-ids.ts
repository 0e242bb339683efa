import type { RequestNode } from "./request-tree.ts";
import { LENGTH_DELIMITED, wireFields } from "./wire-fields.ts";

const TRACE_ID = 1;

/**
 * The trace id of each span of a request, in hex and in their order. Empty for a span without one, or whose bytes are no span.
 *
 * @param tree Of the same bytes.
 */
export function traceIds(body: Uint8Array, tree: RequestNode): readonly string[] {
  if (tree.spans === undefined) return [];
  const isSpan = tree.spans === 1 && tree.parts.length === 0;
  return isSpan ? [traceIdOf(body, tree)] : tree.parts.flatMap((part) => traceIds(body, part));
}

function traceIdOf(body: Uint8Array, { start, end }: RequestNode): string {
  const [span] = wireFields(body, start, end) ?? [];
  // Written first by all that are known; looked for behind it all the same.
  const id = span && wireFields(body, span.value, end)?.find(({ number }) => number === TRACE_ID);
  if (id?.type !== LENGTH_DELIMITED) return "";
  return Buffer.from(body.buffer, body.byteOffset + id.value, id.end - id.value).toString("hex");
}
