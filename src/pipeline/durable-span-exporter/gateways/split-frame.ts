import { gunzipSync, gzipSync } from "node:zlib";
import { requestTree } from "../encode/request-tree.ts";
import { partOf } from "../encode/split-request.ts";
import { traceIds } from "../encode/trace-ids.ts";
import type { Frame } from "../frame-queue.ts";

const GZIP = { level: 1 };

/**
 * Parts of a request by what `keyOf` says of the traces of their spans; the frame itself where that is the same of all, or where
 * it cannot be read: then `keyOf` is asked of the empty trace id. Never throws.
 */
export function splitFrame(frame: Frame, keyOf: (traceId: string) => number): ReadonlyMap<number, Frame> {
  const body = plainBody(frame);
  const tree = body && requestTree(body);
  if (body === undefined || tree === undefined) return new Map([[keyOf(""), frame]]);
  const keys = traceIds(body, tree).map(keyOf);
  const distinct = [...new Set(keys)];
  if (distinct.length <= 1) return new Map([[distinct[0] ?? keyOf(""), frame]]);
  return new Map(
    distinct.map((key) => {
      const part = partOf(body, tree, (span) => keys[span] === key);
      return [key, { ...frame, spans: part.spans, body: frame.gzip ? gzipSync(part.body, GZIP) : part.body }];
    }),
  );
}

function plainBody({ body, gzip }: Frame): Uint8Array | undefined {
  try {
    return gzip ? gunzipSync(body) : body;
  } catch {
    return undefined;
  }
}
