import { ProtobufWriter } from "./protobuf-writer.ts";
import { type RequestNode, requestTree } from "./request-tree.ts";

export interface SplitPart {
  /** An OTLP ExportTraceServiceRequest in protobuf, not compressed. */
  readonly body: Uint8Array<ArrayBuffer>;
  readonly spans: number;
}

/** The tags of `resource_spans` in a request, and of `scope_spans` in one of those. */
const TAGS = [0x0a, 0x12];

/** While a part is written, lengths may take some bytes too many. */
const ROOM = 64;

/**
 * Makes two requests of one, with half the spans each (the second has the odd one), in the same order, under the same resources
 * and scopes. Those without a span are left out.
 *
 * @param body An OTLP ExportTraceServiceRequest in protobuf, not compressed.
 * @returns `undefined` where there are fewer than two spans, or the bytes are no such request. Never throws.
 */
export function splitRequest(body: Uint8Array): readonly [SplitPart, SplitPart] | undefined {
  const tree = requestTree(body);
  const spans = tree?.spans ?? 0;
  if (tree === undefined || spans < 2) return undefined;
  const middle = spans >> 1;
  return [part(body, tree, { from: 0, to: middle }), part(body, tree, { from: middle, to: spans })];
}

/** How many spans are in a request. `undefined` where the bytes are no such request. Never throws. */
export function countSpans(body: Uint8Array): number | undefined {
  return requestTree(body)?.spans;
}

/** Which spans, by their place in the request; without `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function part(body: Uint8Array, tree: RequestNode, range: Range): SplitPart {
  const out = new ProtobufWriter(body.length + ROOM);
  for (const node of tree.parts) write(out, body, node, range, 0);
  return { body: out.copy(), spans: range.to - range.from };
}

function write(out: ProtobufWriter, body: Uint8Array, node: RequestNode, range: Range, depth: number): void {
  const share = shareOf(node, range);
  if (share === "none") return;
  if (share === "all") out.raw(body.subarray(node.start, node.end));
  else {
    const start = out.open(TAGS[depth] as number);
    for (const part of node.parts) write(out, body, part, range, depth + 1);
    out.close(start);
  }
}

/** What stands beside the spans goes to both parts. */
function shareOf({ first, spans }: RequestNode, { from, to }: Range): "all" | "some" | "none" {
  if (spans === undefined) return "all";
  const end = first + spans;
  if (spans === 0 || first >= to || end <= from) return "none";
  return first >= from && end <= to ? "all" : "some";
}
