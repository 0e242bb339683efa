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
  return [partOf(body, tree, (span) => span < middle), partOf(body, tree, (span) => span >= middle)];
}

/** How many spans are in a request. `undefined` where the bytes are no such request. Never throws. */
export function countSpans(body: Uint8Array): number | undefined {
  return requestTree(body)?.spans;
}

/** Which spans, by their place in the request. */
type Keeps = (span: number) => boolean;

/** A request with some of the spans of another one, in the same order. */
export function partOf(body: Uint8Array, tree: RequestNode, keeps: Keeps): SplitPart {
  const out = new ProtobufWriter(body.length + ROOM);
  for (const node of tree.parts) write(out, body, node, keeps, 0);
  return { body: out.copy(), spans: keptOf(tree, keeps) };
}

function write(out: ProtobufWriter, body: Uint8Array, node: RequestNode, keeps: Keeps, depth: number): void {
  const kept = keptOf(node, keeps);
  // What stands beside the spans goes to each part.
  if (node.spans === undefined || (kept > 0 && kept === node.spans))
    out.raw(body.subarray(node.start, node.end));
  else if (kept > 0) {
    const start = out.open(TAGS[depth] as number);
    for (const part of node.parts) write(out, body, part, keeps, depth + 1);
    out.close(start);
  }
}

function keptOf({ first, spans = 0 }: RequestNode, keeps: Keeps): number {
  let kept = 0;
  for (let span = first; span < first + spans; span++) if (keeps(span)) kept++;
  return kept;
}
