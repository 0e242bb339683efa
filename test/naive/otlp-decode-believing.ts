import { gunzipSync } from "node:zlib";

/** A receiver as one writes it first: unpacks what comes, believes each length and type, and merges attributes into plain objects. */
export async function believingReceiver(request: Request): Promise<Response> {
  const packed = new Uint8Array(await request.arrayBuffer());
  const gzip = request.headers.get("content-encoding") === "gzip";
  const bytes = gzip ? gunzipSync(packed) : packed;
  const type = request.headers.get("content-type");
  if (type === "application/json") readJson(JSON.parse(Buffer.from(bytes).toString()));
  else readMessage(bytes, 0);
  return new Response();
}

interface Group {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly startTimeUnixNano: string;
        readonly attributes: readonly { readonly key: string; readonly value: { stringValue?: string } }[];
      }[];
    }[];
  }[];
}

function readJson(request: Group): void {
  for (const group of request.resourceSpans)
    for (const scope of group.scopeSpans)
      for (const span of scope.spans) {
        BigInt(span.startTimeUnixNano);
        const attributes: Record<string, unknown> = {};
        for (const { key, value } of span.attributes) attributes[key] = value.stringValue;
      }
}

function readMessage(bytes: Uint8Array, depth: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const tag = view.getUint8(at++);
    if ((tag & 7) === 2) {
      const length = view.getUint8(at++);
      readMessage(bytes.subarray(at, at + length), depth + 1);
      at += length;
    } else if ((tag & 7) === 1) {
      view.getBigUint64(at, true);
      at += 8;
    } else at += 1;
  }
}
